// SPDX-License-Identifier: MIT

package io.agentruntime.architecture.opencode;

import com.fasterxml.jackson.databind.JsonNode;
import io.agentruntime.architecture.support.json.Json;
import io.agentruntime.architecture.support.protocol.ProtocolDraft;
import io.agentruntime.architecture.support.protocol.SafeIds;
import io.agentruntime.error.AgentRuntimeException;
import io.agentruntime.error.StandardError;
import io.agentruntime.model.event.PermissionAnswer;
import io.agentruntime.model.event.PermissionRequest;
import io.agentruntime.model.event.SessionEvent.PermissionRequested;
import io.agentruntime.model.event.SessionEvent.PermissionResolved;
import io.agentruntime.model.profile.PermissionPolicy;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** The program's open questions whether it may do something. Confined to its protocol. */
final class Permissions {
  private static final String REFUSED = "The user does not allow this.";
  private static final String REFUSED_BY_POLICY =
      "This session's policy refuses everything that needs a permission.";

  private final PermissionPolicy policy;

  /** The program's ids of the open questions, by ours. */
  private final Map<String, String> open = new LinkedHashMap<>();

  Permissions(PermissionPolicy policy) {
    this.policy = policy;
  }

  /**
   * The program asks.
   *
   * @param question what it asks
   * @param tool the tool that it asks for, null when it does not say so
   */
  void asked(JsonNode question, @Nullable ToolCall tool, ProtocolDraft draft) {
    String nativeId = Json.textOr(question, "id", "");
    String requestId = SafeIds.of(nativeId);
    if (nativeId.isEmpty() || open.containsKey(requestId)) {
      return;
    }
    Map<String, Object> about = new LinkedHashMap<>();
    for (String field : List.of("permission", "patterns", "always")) {
      if (question.has(field)) {
        about.put(field, Json.MAPPER.convertValue(question.path(field), Object.class));
      }
    }
    String permission = Json.textOr(question, "permission", "unknown");
    Map<String, Object> input =
        tool == null || tool.input().isEmpty() ? Json.map(question.path("metadata")) : tool.input();
    draft.out.main(
        new PermissionRequested(
            new PermissionRequest(
                requestId,
                tool == null ? permission : tool.name(),
                input,
                tool == null ? null : tool.id(),
                List.of(about))));
    open.put(requestId, nativeId);
    switch (policy) {
      case ASK -> {
        // A client answers.
      }
      case BYPASS -> answer(new PermissionAnswer(requestId, true, null, null, "policy"), draft);
      case DENY ->
          answer(new PermissionAnswer(requestId, false, null, REFUSED_BY_POLICY, "policy"), draft);
    }
  }

  void answer(PermissionAnswer answer, ProtocolDraft draft) {
    String nativeId = open.remove(answer.requestId());
    if (nativeId == null) {
      throw new AgentRuntimeException(
          StandardError.PERMISSION_NOT_FOUND,
          "there is no open permission request " + answer.requestId());
    }
    draft.out.main(new PermissionResolved(answer));
    Map<String, Object> body = new LinkedHashMap<>();
    body.put("reply", answer.allowed() ? "once" : "reject");
    if (!answer.allowed()) {
      // Without a word the program would end the turn instead of telling the model.
      body.put("message", answer.message() == null ? REFUSED : answer.message());
    }
    Map<String, Object> line = new LinkedHashMap<>();
    line.put("command", "permit");
    line.put("request", nativeId);
    line.put("body", body);
    draft.line(Json.write(line));
  }

  /** The turn is over, and with it all questions. */
  void turnEnded(ProtocolDraft draft) {
    for (String requestId : open.keySet()) {
      draft.out.main(
          new PermissionResolved(new PermissionAnswer(requestId, false, null, null, "turn-end")));
    }
    open.clear();
  }
}
