// SPDX-License-Identifier: MIT

package io.agentruntime.architecture.gemini;

import com.fasterxml.jackson.databind.JsonNode;
import io.agentruntime.architecture.support.json.Json;
import io.agentruntime.architecture.support.protocol.Emitter;
import io.agentruntime.model.conversation.Conversation;
import io.agentruntime.model.conversation.ConversationFold;
import io.agentruntime.model.conversation.ConversationId;
import io.agentruntime.model.conversation.ConversationMetadata;
import io.agentruntime.model.event.Emission;
import io.agentruntime.model.transcript.Transcript;
import io.agentruntime.model.transcript.TranscriptEntry;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Decodes a transcript record by record, with the same parts that decode the stream, and folds the
 * result. Confined to one decoding.
 */
final class TranscriptDecoder {
  private final ConversationFold fold = new ConversationFold();
  private final Totals totals = new Totals(ConversationMetadata.EMPTY, Map.of());
  private final Subagents subagents = new Subagents(totals);
  private final Map<String, List<JsonNode>> subagentRecords = new LinkedHashMap<>();

  Conversation decode(Transcript transcript) {
    for (TranscriptEntry entry : transcript.entries()) {
      ChatFiles.subagent(entry.name())
          .ifPresent(subagent -> subagentRecords.put(subagent, records(entry)));
    }
    Lane main = new Lane(ConversationId.MAIN, "turn", true, totals, subagents);
    Emitter out = new Emitter();
    for (TranscriptEntry entry : transcript.entries()) {
      if (ChatFiles.isMain(entry.name())) {
        records(entry).forEach(node -> record(node, main, out));
      }
    }
    main.end(out);
    totals.report(out);
    for (Emission emission : out.emissions()) {
      fold.apply(emission.conversationId(), emission.event());
    }
    return fold.snapshot();
  }

  private void record(JsonNode node, Lane main, Emitter out) {
    Optional<ChatRecord> record = ChatRecord.of(node);
    if (record.isEmpty()) {
      return;
    }
    for (JsonNode call : record.get().calls()) {
      String id = ToolResults.id(call);
      String name = Json.textOr(call, "name", "");
      if (Subagents.isSubagent(name) && !main.tools().isKnown(id) && !main.hasSeen(id)) {
        subagent(id, call.path("args"), main, out);
      }
    }
    main.record(record.get(), out);
  }

  /** A subagent's own records stand before its end. */
  private void subagent(String id, JsonNode arguments, Lane main, Emitter out) {
    String prompt = Json.textOr(arguments, "prompt", "");
    for (Map.Entry<String, List<JsonNode>> entry : subagentRecords.entrySet()) {
      if (firstPrompt(entry.getValue()).equals(prompt)) {
        main.toolStarted(
            id, ToolCalls.nameOf(id), "'" + Json.textOr(arguments, "agent_name", "") + "'", out);
        entry.getValue().forEach(node -> subagents.record(entry.getKey(), node, out));
        subagentRecords.remove(entry.getKey());
        return;
      }
    }
  }

  private static String firstPrompt(List<JsonNode> records) {
    return records.stream()
        .flatMap(node -> ChatRecord.of(node).stream())
        .filter(ChatRecord::isPrompt)
        .map(ChatRecord::text)
        .findFirst()
        .orElse("");
  }

  private static List<JsonNode> records(TranscriptEntry entry) {
    List<JsonNode> records = new ArrayList<>();
    entry.content().lines().forEach(line -> Json.object(line).ifPresent(records::add));
    return records;
  }
}
