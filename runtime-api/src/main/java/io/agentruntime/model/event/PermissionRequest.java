// SPDX-License-Identifier: MIT

package io.agentruntime.model.event;

import io.agentruntime.model.JsonValues;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * A question of the agent whether it may use a tool.
 *
 * @param requestId the native id that the answer must carry
 * @param toolName the tool
 * @param input its arguments, JSON-like
 * @param toolUseId the tool use it is about, if the agent says so
 * @param suggestions the agent's own proposals for lasting rules, JSON-like objects, uninterpreted
 */
public record PermissionRequest(
    String requestId,
    String toolName,
    Map<String, Object> input,
    @Nullable String toolUseId,
    List<Map<String, Object>> suggestions) {
  /** Copies the collections. */
  public PermissionRequest {
    Objects.requireNonNull(requestId, "requestId");
    Objects.requireNonNull(toolName, "toolName");
    input = JsonValues.copy(input);
    suggestions = suggestions.stream().map(JsonValues::copy).toList();
  }
}
