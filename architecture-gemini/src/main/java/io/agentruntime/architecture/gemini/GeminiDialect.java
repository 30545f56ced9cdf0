// SPDX-License-Identifier: MIT

package io.agentruntime.architecture.gemini;

import com.fasterxml.jackson.databind.JsonNode;
import io.agentruntime.architecture.support.acp.AcpDialect;
import io.agentruntime.architecture.support.acp.JsonRpc;
import io.agentruntime.architecture.support.acp.Prompts;
import io.agentruntime.architecture.support.json.Json;
import io.agentruntime.model.profile.AgentProfile;
import io.agentruntime.model.profile.PermissionPolicy;
import io.agentruntime.model.turn.UserContent;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** In what Gemini CLI differs from other programs that speak the protocol. */
record GeminiDialect(AgentProfile profile) implements AcpDialect {
  static final String FOLLOW = "_agent-runtime/follow";

  @Override
  public String programName() {
    return "Gemini CLI";
  }

  @Override
  public String programFile() {
    return "'gemini' and 'node'";
  }

  /** Always one: its answer also ends the replay of a session that was loaded. */
  @Override
  public Optional<String> mode() {
    return Optional.of(profile.permissions() == PermissionPolicy.BYPASS ? "yolo" : "default");
  }

  @Override
  public boolean isLateReplay(JsonNode update) {
    return switch (Json.textOr(update, "sessionUpdate", "")) {
      case "available_commands_update", "current_mode_update" -> false;
      case "agent_message_chunk" ->
          !Json.textOr(update.path("content"), "text", "").startsWith(GeminiConversation.MODE_NOTE);
      default -> true;
    };
  }

  @Override
  public List<String> onReady(String nativeSessionId) {
    return List.of(JsonRpc.notification(FOLLOW, Map.of("sessionId", nativeSessionId)));
  }

  @Override
  public List<Map<String, Object>> prompt(UserContent content) {
    return content instanceof UserContent.Text text
        ? List.of(Prompts.text(Commands.expanded(profile, text.text())))
        : Prompts.of(content);
  }
}
