// SPDX-License-Identifier: MIT

package io.agentruntime.architecture.opencode;

import com.fasterxml.jackson.databind.JsonNode;
import io.agentruntime.architecture.support.json.Json;
import io.agentruntime.architecture.support.protocol.Emitter;
import io.agentruntime.model.conversation.ConversationId;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * What one turn says and does, in the session itself and in its subagents' sessions. Confined to
 * its protocol.
 */
final class Turn {
  /** What comes before it is known whose it is; more than this is given up. */
  private static final int MOST_WAITING = 10_000;

  private record Early(String type, JsonNode about) {}

  private final String root;
  private final Lane main;
  private final Family family;
  private final Map<String, Deque<Early>> waiting = new LinkedHashMap<>();
  private int held;

  Turn(String root, Totals totals) {
    this.root = root;
    this.family = new Family(totals, this::caughtUp);
    this.main = new Lane(ConversationId.MAIN, false, totals, family);
  }

  /** Something happened in a session. */
  void told(String type, String session, JsonNode about, Emitter out) {
    Optional<Lane> lane = lane(session);
    if (lane.isPresent()) {
      apply(type, about, lane.get(), out);
    } else if (held < MOST_WAITING) {
      held++;
      waiting.computeIfAbsent(session, unknown -> new ArrayDeque<>()).add(new Early(type, about));
    }
  }

  private Optional<Lane> lane(String session) {
    return session.equals(root) ? Optional.of(main) : family.lane(session);
  }

  private void caughtUp(String session, JsonNode toolPart, Lane lane, Emitter out) {
    Deque<Early> early = waiting.remove(session);
    if (early != null) {
      held -= early.size();
      early.forEach(each -> apply(each.type, each.about, lane, out));
    }
  }

  private static void apply(String type, JsonNode about, Lane lane, Emitter out) {
    switch (type) {
      case "message.updated" -> lane.message(about.path("info"));
      case "message.part.updated" -> lane.part(about.path("part"), out);
      case "message.part.delta" -> {
        if (Json.textOr(about, "field", "").equals("text")) {
          lane.delta(Json.textOr(about, "partID", ""), Json.textOr(about, "delta", ""), out);
        }
      }
      case "tool.output" ->
          lane.output(Json.textOr(about, "part", ""), Json.textOr(about, "text", ""), out);
      default -> {
        // The protocol takes care of the others.
      }
    }
  }

  /** The running tool that a question is about; null when it is about none that is known. */
  @Nullable ToolCall toolOf(JsonNode question) {
    String call = Json.textOr(question.path("tool"), "callID", "");
    return lane(Json.textOr(question, "sessionID", ""))
        .map(lane -> call.isEmpty() ? null : lane.toolOfCall(call))
        .orElse(null);
  }
}
