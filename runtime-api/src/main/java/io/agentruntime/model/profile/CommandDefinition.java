// SPDX-License-Identifier: MIT

package io.agentruntime.model.profile;

import io.agentruntime.model.JsonValues;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * A slash command.
 *
 * @param name one path segment
 * @param description what it does, if given
 * @param prompt its text
 * @param frontMatter further front matter, JSON-like
 */
public record CommandDefinition(
    String name, @Nullable String description, String prompt, Map<String, Object> frontMatter) {
  /** Checks and copies. */
  public CommandDefinition {
    ProfileNames.require("command", name);
    Objects.requireNonNull(prompt, "prompt");
    frontMatter = JsonValues.copy(frontMatter);
  }
}
