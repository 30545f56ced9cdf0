// SPDX-License-Identifier: MIT

package io.agentruntime.model.profile;

import io.agentruntime.model.JsonValues;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * A subagent that the agent may start.
 *
 * @param name one path segment
 * @param description when to use it
 * @param prompt its system prompt
 * @param model the model it uses, null for the agent's own
 * @param tools the tools it may use, null for all
 * @param frontMatter further front matter, JSON-like
 */
public record SubagentDefinition(
    String name,
    String description,
    String prompt,
    @Nullable String model,
    @Nullable List<String> tools,
    Map<String, Object> frontMatter) {
  /** Checks and copies. */
  public SubagentDefinition {
    ProfileNames.require("subagent", name);
    Objects.requireNonNull(description, "description");
    Objects.requireNonNull(prompt, "prompt");
    tools = tools == null ? null : List.copyOf(tools);
    frontMatter = JsonValues.copy(frontMatter);
  }
}
