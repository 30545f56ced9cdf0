// SPDX-License-Identifier: MIT

package io.agentruntime.architecture.support.acp;

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
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** The program's open questions whether it may use a tool. Confined to its protocol. */
final class AcpPermissions {
  private static final String REFUSED_BY_POLICY =
      "This session's policy refuses every tool that needs a permission.";

  /** An open question: the id of the request to answer, and between what can be chosen. */
  private record Open(JsonNode rpcId, JsonNode options, String toolCallId) {}

  private final PermissionPolicy policy;
  private final int incarnation;
  private final Map<String, Open> open = new LinkedHashMap<>();
  private long asked;

  AcpPermissions(PermissionPolicy policy, int incarnation, Map<String, Object> snapshot) {
    this.policy = policy;
    this.incarnation = incarnation;
    asked = snapshot.get("permissions") instanceof Number n ? n.longValue() : 0;
  }

  void snapshot(Map<String, Object> into) {
    into.put("permissions", asked);
  }

  /** The program asks. */
  void asked(JsonNode rpcId, JsonNode parameters, AcpConversation about, ProtocolDraft draft) {
    JsonNode tool = parameters.path("toolCall");
    String toolName = about.toolAsked(tool, draft.out);
    String toolCallId = SafeIds.of(Json.textOr(tool, "toolCallId", "unknown"));
    // The program's own numbers begin anew in each process.
    String requestId = "permission-" + incarnation + "-" + ++asked;
    List<Map<String, Object>> options = new ArrayList<>();
    parameters.path("options").forEach(option -> options.add(Json.map(option)));
    Map<String, Object> input = new LinkedHashMap<>();
    for (String field : List.of("title", "kind", "rawInput", "locations", "content")) {
      if (!tool.path(field).isMissingNode() && !tool.path(field).isNull()) {
        input.put(field, Json.MAPPER.convertValue(tool.path(field), Object.class));
      }
    }
    draft.out.main(
        new PermissionRequested(
            new PermissionRequest(requestId, toolName, input, toolCallId, options)));
    open.put(requestId, new Open(rpcId, parameters.path("options"), toolCallId));
    switch (policy) {
      case ASK -> {
        // A client answers.
      }
      case BYPASS ->
          answer(new PermissionAnswer(requestId, true, null, null, "policy"), about, draft);
      case DENY ->
          answer(
              new PermissionAnswer(requestId, false, null, REFUSED_BY_POLICY, "policy"),
              about,
              draft);
    }
  }

  void answer(PermissionAnswer answer, AcpConversation about, ProtocolDraft draft) {
    Open question = open.remove(answer.requestId());
    if (question == null) {
      throw new AgentRuntimeException(
          StandardError.PERMISSION_NOT_FOUND,
          "there is no open permission request " + answer.requestId());
    }
    if (!answer.allowed()) {
      about.toolRefused(question.toolCallId);
    }
    draft.out.main(new PermissionResolved(answer));
    String choice = choice(question.options, answer.allowed() ? "allow" : "reject");
    draft.line(JsonRpc.result(question.rpcId, outcome(choice)));
  }

  /** The option that counts once, or any of that kind; empty when there is none. */
  private static String choice(JsonNode options, String kind) {
    String found = "";
    for (JsonNode option : options) {
      String optionKind = Json.textOr(option, "kind", "");
      boolean fits = optionKind.startsWith(kind);
      if (fits && (found.isEmpty() || optionKind.endsWith("_once"))) {
        found = Json.textOr(option, "optionId", "");
      }
    }
    return found;
  }

  private static Map<String, Object> outcome(String optionId) {
    Map<String, Object> outcome = new LinkedHashMap<>();
    outcome.put("outcome", optionId.isEmpty() ? "cancelled" : "selected");
    if (!optionId.isEmpty()) {
      outcome.put("optionId", optionId);
    }
    return Map.of("outcome", outcome);
  }

  /** The turn is to stop: the protocol wants all its questions answered. */
  void cancel(AcpConversation about, ProtocolDraft draft) {
    for (Open question : open.values()) {
      about.toolRefused(question.toolCallId);
      draft.line(JsonRpc.result(question.rpcId, outcome("")));
    }
    turnEnded(draft);
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
