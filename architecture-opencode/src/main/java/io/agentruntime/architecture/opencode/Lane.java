// SPDX-License-Identifier: MIT

package io.agentruntime.architecture.opencode;

import com.fasterxml.jackson.databind.JsonNode;
import io.agentruntime.architecture.support.json.Json;
import io.agentruntime.architecture.support.protocol.Emitter;
import io.agentruntime.architecture.support.protocol.SafeIds;
import io.agentruntime.model.block.Block;
import io.agentruntime.model.block.BlockHeader;
import io.agentruntime.model.conversation.ConversationId;
import io.agentruntime.model.event.SessionEvent.BlockCompleted;
import io.agentruntime.model.event.SessionEvent.MetadataUpdated;
import io.agentruntime.model.turn.UserContent;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;

/**
 * One session of the program as one conversation: of a stream, in which each piece comes again and
 * again until it is whole, or of a transcript, in which each comes once. Confined to its owner.
 */
final class Lane {
  private static final String USER = "user";

  private final ConversationId id;
  private final boolean tellsPrompts;
  private final Totals totals;
  private final Family family;
  private final Map<String, String> roles = new HashMap<>();
  private final Map<String, String> models = new HashMap<>();
  private final Map<String, Piece> pieces = new LinkedHashMap<>();
  private final Map<String, ToolCall> tools = new LinkedHashMap<>();
  private final Set<String> done = new HashSet<>();

  /**
   * @param tellsPrompts whether prompts become blocks here
   */
  Lane(ConversationId id, boolean tellsPrompts, Totals totals, Family family) {
    this.id = id;
    this.tellsPrompts = tellsPrompts;
    this.totals = totals;
    this.family = family;
  }

  ConversationId id() {
    return id;
  }

  /** A message begins, or more is known of it. */
  void message(JsonNode info) {
    String message = Json.textOr(info, "id", "");
    String role = Json.textOr(info, "role", "");
    roles.put(message, role);
    String model = Json.textOr(info, "modelID", "");
    if (role.equals("assistant") && !model.isEmpty()) {
      String name = Json.textOr(info, "providerID", "") + "/" + model;
      models.put(message, name);
      if (id.isMain()) {
        totals.model(name);
      }
    }
  }

  /** A part of a message as it is now. */
  void part(JsonNode part, Emitter out) {
    String partId = SafeIds.of(Json.textOr(part, "id", "unknown"));
    String message = Json.textOr(part, "messageID", "");
    String role = roles.get(message);
    if (role == null || done.contains(partId)) {
      return;
    }
    if (role.equals(USER)) {
      if (isSaid(part)) {
        prompt(message, Json.textOr(part, "text", ""), out);
      }
      return;
    }
    switch (Json.textOr(part, "type", "")) {
      case "text", "reasoning" -> text(partId, message, part, out);
      case "tool" -> tool(partId, part, out);
      case "step-finish" -> {
        done.add(partId);
        totals.add(part);
        out.main(new MetadataUpdated(totals.metadata()));
      }
      default -> {
        // Marks of where a step begins, and copies of what stands elsewhere.
      }
    }
  }

  /** Whether a text was written by who wrote the message, not added by the program. */
  static boolean isSaid(JsonNode part) {
    return Json.textOr(part, "type", "").equals("text")
        && !Json.isTrue(part, "synthetic")
        && !Json.isTrue(part, "ignored");
  }

  /** What was said to the agent. */
  void prompt(String message, String text, Emitter out) {
    String blockId = SafeIds.of(message);
    if (tellsPrompts && done.add(blockId)) {
      out.emit(
          id,
          new BlockCompleted(
              new Block.UserMessage(BlockHeader.complete(blockId), new UserContent.Text(text))));
    }
  }

  private void text(String partId, String message, JsonNode part, Emitter out) {
    boolean thinking = Json.textOr(part, "type", "").equals("reasoning");
    if (!thinking && !isSaid(part)) {
      return;
    }
    Piece piece =
        pieces.computeIfAbsent(
            partId, unknown -> new Piece(id, partId, thinking, models.get(message)));
    String whole = Json.textOr(part, "text", "");
    JsonNode time = part.path("time");
    if (time.isObject() && !time.path("end").isNumber()) {
      piece.reached(whole, out);
    } else {
      pieces.remove(partId);
      done.add(partId);
      piece.end(whole, out);
    }
  }

  /** A text grows. */
  void delta(String partId, String text, Emitter out) {
    Piece piece = pieces.get(SafeIds.of(partId));
    if (piece != null && !text.isEmpty()) {
      piece.grow(text, out);
    }
  }

  /** A running command prints. */
  void output(String partId, String text, Emitter out) {
    ToolCall tool = tools.get(SafeIds.of(partId));
    if (tool != null && !text.isEmpty()) {
      tool.printed(text, out);
    }
  }

  private void tool(String partId, JsonNode part, Emitter out) {
    ToolCall tool = tools.computeIfAbsent(partId, unknown -> new ToolCall(this, family, partId));
    if (tool.reached(part, out)) {
      tools.remove(partId);
      done.add(partId);
    }
  }

  /** The running tool that a call of the model became; null when there is none. */
  @org.jspecify.annotations.Nullable
  ToolCall toolOfCall(String callId) {
    for (ToolCall tool : tools.values()) {
      if (tool.callId().equals(callId)) {
        return tool;
      }
    }
    return null;
  }

  /** The whole transcript was given: what is still open was cut off. */
  void cutOff(Emitter out) {
    pieces.values().forEach(piece -> piece.cutOff(out));
    tools.values().forEach(tool -> tool.cutOff(out));
  }
}
