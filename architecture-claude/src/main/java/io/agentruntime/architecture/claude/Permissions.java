// SPDX-License-Identifier: MIT

package io.agentruntime.architecture.claude;

import com.fasterxml.jackson.databind.JsonNode;
import io.agentruntime.architecture.support.json.Json;
import io.agentruntime.architecture.support.protocol.Emitter;
import io.agentruntime.error.AgentRuntimeException;
import io.agentruntime.error.StandardError;
import io.agentruntime.model.event.PermissionAnswer;
import io.agentruntime.model.event.PermissionRequest;
import io.agentruntime.model.event.SessionEvent.PermissionRequested;
import io.agentruntime.model.event.SessionEvent.PermissionResolved;
import io.agentruntime.model.profile.PermissionPolicy;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** The program's open questions whether it may use a tool. Confined to its protocol. */
final class Permissions {
  private static final String REFUSED = "Refused.";
  private static final String REFUSED_BY_POLICY =
      "This session's policy refuses every tool that needs a permission.";

  private final PermissionPolicy policy;
  private final Map<String, Map<String, Object>> openInputs = new LinkedHashMap<>();

  Permissions(PermissionPolicy policy) {
    this.policy = policy;
  }

  /**
   * The program asks.
   *
   * @return the line that answers it at once, where the policy decides
   */
  Optional<String> asked(String requestId, JsonNode request, Emitter out) {
    Map<String, Object> input = Json.map(request.path("input"));
    List<Map<String, Object>> suggestions = new ArrayList<>();
    request.path("permission_suggestions").forEach(each -> suggestions.add(Json.map(each)));
    out.main(
        new PermissionRequested(
            new PermissionRequest(
                requestId,
                Json.textOr(request, "tool_name", "unknown"),
                input,
                Json.text(request, "tool_use_id"),
                suggestions)));
    openInputs.put(requestId, input);
    return switch (policy) {
      case ASK -> Optional.empty();
      case BYPASS ->
          Optional.of(answer(new PermissionAnswer(requestId, true, null, null, "policy"), out));
      case DENY ->
          Optional.of(
              answer(
                  new PermissionAnswer(requestId, false, null, REFUSED_BY_POLICY, "policy"), out));
    };
  }

  /** Answers; the line to write. */
  String answer(PermissionAnswer answer, Emitter out) {
    Map<String, Object> asked = openInputs.remove(answer.requestId());
    if (asked == null) {
      throw new AgentRuntimeException(
          StandardError.PERMISSION_NOT_FOUND,
          "there is no open permission request " + answer.requestId());
    }
    out.main(new PermissionResolved(answer));
    Map<String, Object> response = new LinkedHashMap<>();
    if (answer.allowed()) {
      response.put("behavior", "allow");
      response.put("updatedInput", answer.updatedInput() == null ? asked : answer.updatedInput());
    } else {
      response.put("behavior", "deny");
      response.put("message", answer.message() == null ? REFUSED : answer.message());
    }
    return Control.response(answer.requestId(), response);
  }

  /** The program no longer wants an answer. */
  void cancelled(String requestId, Emitter out) {
    if (openInputs.remove(requestId) != null) {
      out.main(
          new PermissionResolved(new PermissionAnswer(requestId, false, null, null, "turn-end")));
    }
  }

  /** The turn is over, and with it all questions. */
  void turnEnded(Emitter out) {
    List.copyOf(openInputs.keySet()).forEach(requestId -> cancelled(requestId, out));
  }
}
