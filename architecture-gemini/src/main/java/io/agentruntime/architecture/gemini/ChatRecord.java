// SPDX-License-Identifier: MIT

package io.agentruntime.architecture.gemini;

import com.fasterxml.jackson.databind.JsonNode;
import io.agentruntime.architecture.support.json.Json;
import io.agentruntime.architecture.support.protocol.SafeIds;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * A record of the program's chat files that is about the conversation.
 *
 * @param id its own id; a record is written again when more is known
 * @param fromUser whether it stands in the user's place
 * @param text what was said; of a model's message without space around it
 * @param thoughts what was thought, piece by piece
 * @param calls tools that have ended
 * @param answers what tools returned to the model
 * @param tokens what the message took, missing if unknown
 * @param model the model, empty if unknown
 */
record ChatRecord(
    String id,
    boolean fromUser,
    String text,
    List<String> thoughts,
    List<JsonNode> calls,
    List<JsonNode> answers,
    JsonNode tokens,
    String model) {
  /** How the program begins a text that it puts into the user's place. */
  private static final List<String> NOTICES =
      List.of(
          "<session_context>",
          "<hook_context>",
          "<state_snapshot>",
          "System: Please continue.",
          "System: Potential loop detected.",
          "You have stopped calling tools without finishing.");

  ChatRecord {
    thoughts = List.copyOf(thoughts);
    calls = List.copyOf(calls);
    answers = List.copyOf(answers);
  }

  /** The record in an object; empty when it is another one. */
  static Optional<ChatRecord> of(JsonNode node) {
    String id = Json.textOr(node, "id", "");
    String type = Json.textOr(node, "type", "");
    if (id.isEmpty() || !(type.equals("user") || type.equals("gemini"))) {
      return Optional.empty();
    }
    List<JsonNode> answers = new ArrayList<>();
    StringBuilder text = new StringBuilder();
    JsonNode content = node.path("content");
    if (content.isTextual()) {
      text.append(content.textValue());
    }
    for (JsonNode part : content) {
      text.append(Json.textOr(part, "text", ""));
      if (part.path("functionResponse").isObject()) {
        answers.add(part.path("functionResponse"));
      }
    }
    List<String> thoughts = new ArrayList<>();
    node.path("thoughts").forEach(thought -> thoughts.add(thought(thought)));
    List<JsonNode> calls = new ArrayList<>();
    node.path("toolCalls").forEach(calls::add);
    return Optional.of(
        new ChatRecord(
            SafeIds.of(id),
            type.equals("user"),
            text.toString(),
            thoughts,
            calls,
            answers,
            node.path("tokens"),
            Json.textOr(node, "model", "")));
  }

  private static String thought(JsonNode thought) {
    String subject = Json.textOr(thought, "subject", "");
    String description = Json.textOr(thought, "description", "");
    return subject.isEmpty() ? description : "**" + subject + "**\n" + description;
  }

  /** Whether the user said it, and not the program in the user's place. */
  boolean isPrompt() {
    return fromUser
        && answers.isEmpty()
        && !text.isBlank()
        && !text.strip().equals("Please continue.")
        && NOTICES.stream().noneMatch(text.stripLeading()::startsWith);
  }
}
