// SPDX-License-Identifier: MIT

package io.agentruntime.app.rest.view;

import com.fasterxml.jackson.annotation.JsonInclude;
import io.agentruntime.model.event.PermissionRequest;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * An open permission request.
 *
 * @param requestId what the answer must name
 * @param toolName the tool
 * @param input its arguments
 * @param toolUseId the tool use it is about, if the agent says so
 * @param suggestions the agent's own proposals for lasting rules
 */
@JsonInclude(JsonInclude.Include.NON_NULL)
public record PermissionReply(
    String requestId,
    String toolName,
    Map<String, Object> input,
    @Nullable String toolUseId,
    List<Map<String, Object>> suggestions) {

  /** Shows a request. */
  public static PermissionReply of(PermissionRequest request) {
    return new PermissionReply(
        request.requestId(),
        request.toolName(),
        request.input(),
        request.toolUseId(),
        request.suggestions());
  }
}
