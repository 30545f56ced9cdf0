// SPDX-License-Identifier: MIT

package io.agentruntime.model.profile;

import io.agentruntime.model.JsonValues;
import java.util.List;
import java.util.Map;
import java.util.Objects;

/**
 * A skill: instructions that the agent loads when it needs them.
 *
 * @param name one path segment
 * @param description when to use it
 * @param content the body of SKILL.md
 * @param files supporting files, relative to the skill's folder
 * @param npmDependencies npm packages it needs
 * @param pipDependencies Python packages it needs
 * @param frontMatter further front matter, JSON-like
 */
public record Skill(
    String name,
    String description,
    String content,
    List<ProfileFile> files,
    List<String> npmDependencies,
    List<String> pipDependencies,
    Map<String, Object> frontMatter) {
  /** Checks and copies. */
  public Skill {
    ProfileNames.require("skill", name);
    Objects.requireNonNull(description, "description");
    Objects.requireNonNull(content, "content");
    files = List.copyOf(files);
    npmDependencies = List.copyOf(npmDependencies);
    pipDependencies = List.copyOf(pipDependencies);
    frontMatter = JsonValues.copy(frontMatter);
  }
}
