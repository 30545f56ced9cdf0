// SPDX-License-Identifier: MIT

package io.agentruntime.architecture.opencode;

import com.fasterxml.jackson.databind.JsonNode;
import io.agentruntime.architecture.support.json.Json;
import io.agentruntime.architecture.support.protocol.Emitter;
import io.agentruntime.model.conversation.Conversation;
import io.agentruntime.model.conversation.ConversationFold;
import io.agentruntime.model.conversation.ConversationId;
import io.agentruntime.model.conversation.ConversationMetadata;
import io.agentruntime.model.event.Emission;
import io.agentruntime.model.event.SessionEvent.MetadataUpdated;
import io.agentruntime.model.transcript.Transcript;
import io.agentruntime.model.transcript.TranscriptEntry;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;

/**
 * Decodes a transcript message by message, with the same parts that decode the stream, and folds
 * the result. Confined to one decoding.
 */
final class TranscriptDecoder {
  private final Totals totals = new Totals(ConversationMetadata.EMPTY, Map.of());
  private final Family family = new Family(totals, this::replay);
  private final Map<String, List<JsonNode>> subagents = new HashMap<>();

  Conversation decode(Transcript transcript) {
    List<JsonNode> messages = List.of();
    for (TranscriptEntry entry : transcript.entries()) {
      JsonNode session = Json.object(entry.content()).orElse(Json.MAPPER.createObjectNode());
      if (entry.name().equals(OpenCodePaths.MAIN)) {
        messages = messages(session);
      } else {
        subagents.put(Json.textOr(session.path("info"), "id", ""), messages(session));
      }
    }
    Lane main = new Lane(ConversationId.MAIN, true, totals, family);
    Emitter out = new Emitter();
    messages.forEach(message -> tell(message, main, out));
    main.cutOff(out);
    out.main(new MetadataUpdated(totals.metadata()));
    ConversationFold fold = new ConversationFold();
    for (Emission emission : out.emissions()) {
      fold.apply(emission.conversationId(), emission.event());
    }
    return fold.snapshot();
  }

  private static List<JsonNode> messages(JsonNode session) {
    List<JsonNode> messages = new ArrayList<>();
    session.path("messages").forEach(messages::add);
    return messages;
  }

  private static void tell(JsonNode message, Lane lane, Emitter out) {
    JsonNode info = message.path("info");
    lane.message(info);
    List<String> said = new ArrayList<>();
    for (JsonNode part : message.path("parts")) {
      if (!Json.textOr(info, "role", "").equals("user")) {
        lane.part(part, out);
      } else if (Lane.isSaid(part)) {
        said.add(Json.textOr(part, "text", ""));
      }
    }
    if (!said.isEmpty()) {
      lane.prompt(
          Json.textOr(info, "id", ""), said.stream().collect(Collectors.joining("\n")), out);
    }
  }

  /** A subagent's session may serve several uses of the tool: each has what was said during it. */
  private void replay(String session, JsonNode toolPart, Lane lane, Emitter out) {
    JsonNode time = toolPart.path("state").path("time");
    long from = Json.numberOr(time, "start", 0);
    long to = Json.numberOr(time, "end", Long.MAX_VALUE);
    for (JsonNode message : subagents.getOrDefault(session, List.of())) {
      long created = Json.numberOr(message.path("info").path("time"), "created", from);
      if (created >= from && created <= to) {
        tell(message, lane, out);
      }
    }
  }
}
