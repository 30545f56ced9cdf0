// SPDX-License-Identifier: MIT

package io.agentruntime.architecture.claude;

import com.fasterxml.jackson.databind.JsonNode;
import io.agentruntime.architecture.support.json.Json;
import io.agentruntime.architecture.support.protocol.Emitter;
import io.agentruntime.model.block.Block;
import io.agentruntime.model.block.BlockHeader;
import io.agentruntime.model.conversation.Conversation;
import io.agentruntime.model.conversation.ConversationFold;
import io.agentruntime.model.conversation.ConversationId;
import io.agentruntime.model.conversation.ConversationMetadata;
import io.agentruntime.model.event.Emission;
import io.agentruntime.model.event.SessionEvent.BlockCompleted;
import io.agentruntime.model.event.SessionEvent.BlockStarted;
import io.agentruntime.model.event.SessionEvent.BlockUpdated;
import io.agentruntime.model.event.SessionEvent.MetadataUpdated;
import io.agentruntime.model.event.SessionEvent.StreamEvent;
import io.agentruntime.model.event.SessionEvent.SubagentDiscovered;
import io.agentruntime.model.transcript.Transcript;
import io.agentruntime.model.transcript.TranscriptEntry;
import io.agentruntime.model.turn.Usage;
import java.time.Instant;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Decodes a transcript line by line, with the same parts that decode the stream, and folds the
 * result. Each line costs time in proportion to its length. Confined to one decoding.
 */
final class TranscriptDecoder {
  private final ConversationFold fold = new ConversationFold();
  private final OpenTools tools = new OpenTools();
  private final SubagentLinks links = new SubagentLinks();
  private final Set<String> seen = new HashSet<>();
  private final Map<String, Usage> usages = new LinkedHashMap<>();
  private @Nullable String model;
  private @Nullable JsonNode costState;

  Conversation decode(Transcript transcript) {
    Map<String, TranscriptEntry> subagents = new LinkedHashMap<>();
    for (TranscriptEntry entry : transcript.entries()) {
      TranscriptNames.describedAgent(entry.name())
          .ifPresent(agent -> links.described(agent, entry.content()));
      TranscriptNames.agentOf(entry.name()).ifPresent(agent -> subagents.put(agent, entry));
    }
    for (TranscriptEntry entry : transcript.entries()) {
      if (TranscriptNames.isMain(entry.name())) {
        lines(entry.content(), new Lane(ConversationId.MAIN, tools), true);
      }
    }
    subagents(subagents);
    Emitter out = new Emitter();
    tools.abandonAll(out);
    apply(out, null);
    fold.apply(ConversationId.MAIN, new MetadataUpdated(metadata()));
    return fold.snapshot();
  }

  /** Each after the one that started it, so that what it was told stands before what it did. */
  private void subagents(Map<String, TranscriptEntry> entries) {
    for (int next = 0; next < links.calls().size(); next++) {
      String agentId = links.agentOf(links.calls().get(next));
      TranscriptEntry entry = agentId == null ? null : entries.remove(agentId);
      if (agentId != null && entry != null) {
        subagent(agentId, entry);
      }
    }
    entries.forEach(this::subagent);
  }

  private void subagent(String agentId, TranscriptEntry entry) {
    @Nullable String toolUseId = links.toolUseOf(agentId);
    if (toolUseId == null) {
      toolUseId = links.toolUseTold(agentId, SubagentLinks.promptOf(entry.content()));
    }
    ConversationId id =
        new ConversationId(
            toolUseId == null ? Native.id("agent-" + agentId) : Native.id(toolUseId));
    Emitter out = new Emitter();
    if (toolUseId == null) {
      out.main(
          new SubagentDiscovered(id, agentId, null, null, SubagentLinks.promptOf(entry.content())));
    } else {
      tools.bind(toolUseId, agentId, out);
    }
    apply(out, null);
    lines(entry.content(), new Lane(id, tools), false);
  }

  private void lines(String content, Lane lane, boolean main) {
    int from = 0;
    while (from < content.length()) {
      int end = content.indexOf('\n', from);
      int to = end < 0 ? content.length() : end;
      if (to > from) {
        TranscriptRecord.read(content, from, to).ifPresent(record -> record(record, lane, main));
      }
      from = to + 1;
    }
  }

  private void record(TranscriptRecord record, Lane lane, boolean main) {
    JsonNode fields = record.fields();
    String uuid = Json.text(fields, "uuid");
    if (uuid != null && !seen.add(uuid)) {
      return;
    }
    // Very old versions kept subagents in the session's own file, without telling whose they are.
    if (main && Json.isTrue(fields, "isSidechain")) {
      return;
    }
    Emitter out = new Emitter();
    String id = Native.id(uuid == null ? "record-" + seen.size() : uuid);
    switch (record.type()) {
      case "assistant" -> assistant(fields, lane, out);
      case "user" -> user(fields, id, lane, out);
      case "attachment" -> steered(fields.path("attachment"), lane, out);
      case "system" -> compacted(fields, id, lane, out);
      default -> costState = fields;
    }
    apply(out, record.at());
  }

  private void assistant(JsonNode fields, Lane lane, Emitter out) {
    JsonNode message = fields.path("message");
    String messageId = Json.textOr(message, "id", "message");
    if (Native.isApiError(fields)) {
      String text = Native.plainText(message.path("content"));
      out.emit(lane.id(), new BlockCompleted(Native.apiError(messageId, text, fields)));
      return;
    }
    usages.put(messageId, Totals.ofTurn(message.path("usage")));
    if (lane.id().isMain() && Native.model(message) != null) {
      model = Native.model(message);
    }
    for (JsonNode content : message.path("content")) {
      links.called(content);
    }
    int index = lane.id().isMain() ? (int) Json.numberOr(fields, "apiBlockIndex", -1) : -1;
    lane.assistant(message, index, out);
    for (JsonNode content : message.path("content")) {
      String toolUseId = Json.textOr(content, "id", "");
      String agentId = links.agentOf(toolUseId);
      if (agentId != null) {
        tools.bind(toolUseId, agentId, out);
      }
    }
  }

  private void user(JsonNode fields, String id, Lane lane, Emitter out) {
    JsonNode content = fields.path("message").path("content");
    boolean answered = false;
    for (JsonNode part : content) {
      if (Json.textOr(part, "type", "").equals("tool_result")) {
        JsonNode structured = fields.path("toolUseResult");
        links.answered(part, structured);
        tools.result(lane.id(), part, structured, out);
        answered = true;
      }
    }
    if (!answered && !tools.isPrompt(lane.id(), Native.plainText(content))) {
      UserTexts.recorded(fields, id, lane.id())
          .ifPresent(block -> out.emit(lane.id(), new BlockCompleted(block)));
      SubagentEnd.ofNotificationText(content.isTextual() ? content.textValue() : "")
          .ifPresent(end -> tools.notified(end, out));
    }
  }

  /** A message that was given to a running turn. */
  private static void steered(JsonNode attachment, Lane lane, Emitter out) {
    String uuid = Json.text(attachment, "source_uuid");
    if (uuid != null
        && Json.textOr(attachment, "type", "").equals("queued_command")
        && Json.textOr(attachment, "commandMode", "").equals("prompt")) {
      out.emit(
          lane.id(),
          new BlockCompleted(
              new Block.UserMessage(
                  BlockHeader.complete(Native.id(uuid)),
                  Native.userContent(attachment.path("prompt")))));
    }
  }

  private static void compacted(JsonNode fields, String id, Lane lane, Emitter out) {
    if (Json.textOr(fields, "subtype", "").equals("compact_boundary")) {
      out.emit(lane.id(), new BlockCompleted(Notes.compacted(fields.path("compactMetadata"), id)));
    }
  }

  /** Folds what a record led to; a block began when its first record was written. */
  private void apply(Emitter out, @Nullable Instant at) {
    for (Emission emission : out.emissions()) {
      StreamEvent event = emission.event();
      fold.apply(
          emission.conversationId(),
          switch (event) {
            case BlockStarted started -> new BlockStarted(timed(emission, started.block(), at));
            case BlockUpdated updated -> new BlockUpdated(timed(emission, updated.block(), at));
            case BlockCompleted completed ->
                new BlockCompleted(timed(emission, completed.block(), at));
            default -> event;
          });
    }
  }

  private Block timed(Emission emission, Block block, @Nullable Instant at) {
    return at == null || fold.block(emission.conversationId(), block.id()).isPresent()
        ? block
        : block.withHeader(block.header().at(at));
  }

  /** The program's own totals if it ended cleanly, else what its messages used. */
  private ConversationMetadata metadata() {
    if (costState != null) {
      return Totals.stored(costState, model);
    }
    if (usages.isEmpty()) {
      return ConversationMetadata.EMPTY;
    }
    Usage sum = usages.values().stream().reduce(Usage.NONE, Usage::plus);
    return new ConversationMetadata(sum, null, model);
  }
}
