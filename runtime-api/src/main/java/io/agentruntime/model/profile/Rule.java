// SPDX-License-Identifier: MIT

package io.agentruntime.model.profile;

import io.agentruntime.model.JsonValues;
import java.util.List;
import java.util.Map;
import java.util.Objects;

/**
 * An instruction text.
 *
 * @param name the rule's name, one path segment
 * @param content its text
 * @param paths glob patterns of the files it applies to; empty for all
 * @param main whether it is the main instruction file (CLAUDE.md, AGENTS.md, GEMINI.md)
 * @param frontMatter further front matter, JSON-like
 */
public record Rule(
    String name,
    String content,
    List<String> paths,
    boolean main,
    Map<String, Object> frontMatter) {
  /** Checks and copies. */
  public Rule {
    ProfileNames.require("rule", name);
    Objects.requireNonNull(content, "content");
    paths = List.copyOf(paths);
    frontMatter = JsonValues.copy(frontMatter);
  }
}
