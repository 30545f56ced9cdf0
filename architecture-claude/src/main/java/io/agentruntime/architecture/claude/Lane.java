// SPDX-License-Identifier: MIT

package io.agentruntime.architecture.claude;

import com.fasterxml.jackson.databind.JsonNode;
import io.agentruntime.architecture.support.json.Json;
import io.agentruntime.architecture.support.protocol.Emitter;
import io.agentruntime.model.block.Block;
import io.agentruntime.model.block.BlockHeader;
import io.agentruntime.model.block.BlockId;
import io.agentruntime.model.block.BlockStatus;
import io.agentruntime.model.conversation.ConversationId;
import io.agentruntime.model.event.DeltaField;
import io.agentruntime.model.event.SessionEvent.BlockCompleted;
import io.agentruntime.model.event.SessionEvent.BlockDelta;
import io.agentruntime.model.event.SessionEvent.BlockStarted;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * One conversation's model message as it arrives.
 *
 * <p>The same block comes twice: piece by piece as raw model events, and whole in an {@code
 * assistant} line that holds this one block, usually before its end is announced. The two are
 * matched by message id and kind, in order; the raw index gives the id, since the line's own array
 * index is always 0. Subagents' messages come as whole lines only.
 *
 * <p>Confined to its protocol.
 */
final class Lane {
  private final ConversationId id;
  private final OpenTools tools;
  private final TreeMap<Integer, Part> parts = new TreeMap<>();
  private String messageId = "";
  private @Nullable String model;
  private int attempt = 1;

  Lane(ConversationId id, OpenTools tools) {
    this.id = id;
    this.tools = tools;
  }

  ConversationId id() {
    return id;
  }

  /** A block of the present message. */
  private static final class Part {
    final Kind kind;
    final String key;
    final StringBuilder text = new StringBuilder();
    boolean started;
    boolean finished;

    /**
     * @param key the block's id, or the tool use's
     */
    Part(Kind kind, String key) {
      this.kind = kind;
      this.key = key;
    }
  }

  private enum Kind {
    TEXT,
    THINKING,
    TOOL,
    OTHER;

    static Kind of(String type) {
      return switch (type) {
        case "text" -> TEXT;
        case "thinking" -> THINKING;
        default -> type.endsWith("tool_use") ? TOOL : OTHER;
      };
    }
  }

  /** A raw model event. */
  void streamEvent(JsonNode line, Emitter out) {
    JsonNode event = line.path("event");
    int index = (int) Json.numberOr(event, "index", -1);
    switch (Json.textOr(event, "type", "")) {
      case "content_block_delta" -> delta(index, event.path("delta"), out);
      case "content_block_start" -> begin(index, event.path("content_block"), out);
      case "message_start" -> {
        JsonNode message = event.path("message");
        startMessage(Json.textOr(message, "id", "message"), out);
        model = Native.model(message);
      }
      case "message_stop" -> {
        JsonNode abandoned = line.path("abandoned_blocks");
        int from =
            abandoned.isObject()
                ? (int) Json.numberOr(abandoned, "from_block_index", 0)
                : Integer.MAX_VALUE;
        finishAll(from, out);
      }
      default -> {
        // Usage comes with the result; pings and unknown events carry nothing to show.
      }
    }
  }

  private void startMessage(String newId, Emitter out) {
    finishAll(0, out);
    attempt = newId.equals(messageId) && !parts.isEmpty() ? attempt + 1 : 1;
    messageId = newId;
    parts.clear();
  }

  private void begin(int index, JsonNode block, Emitter out) {
    if (index < 0 || parts.containsKey(index)) {
      return;
    }
    Kind kind = Kind.of(Json.textOr(block, "type", ""));
    Part part = new Part(kind, keyOf(kind, block, index));
    parts.put(index, part);
    switch (kind) {
      case THINKING -> start(part, out);
      case TOOL -> {
        part.started = true;
        tools.begin(id, part.key, Json.textOr(block, "name", "unknown"), out);
      }
      default -> {
        // A text begins with its first character: the program never records empty ones.
      }
    }
  }

  private String keyOf(Kind kind, JsonNode block, int index) {
    String blockId = Native.blockId(messageId, index, attempt);
    return kind == Kind.TOOL ? Json.textOr(block, "id", blockId) : blockId;
  }

  private void start(Part part, Emitter out) {
    part.started = true;
    out.emit(id, new BlockStarted(block(part, "", BlockStatus.PENDING)));
  }

  private Block block(Part part, String text, BlockStatus status) {
    BlockHeader header = new BlockHeader(new BlockId(part.key), status, null);
    return part.kind == Kind.THINKING
        ? new Block.Thinking(header, text, null)
        : new Block.AssistantText(header, text, model);
  }

  private void delta(int index, JsonNode delta, Emitter out) {
    Part part = parts.get(index);
    if (part == null || part.finished) {
      return;
    }
    switch (Json.textOr(delta, "type", "")) {
      case "text_delta" -> grow(part, Kind.TEXT, Json.textOr(delta, "text", ""), out);
      case "thinking_delta" -> grow(part, Kind.THINKING, Json.textOr(delta, "thinking", ""), out);
      case "input_json_delta" -> {
        if (part.kind == Kind.TOOL) {
          tools.inputDelta(part.key, Json.textOr(delta, "partial_json", ""), out);
        }
      }
      default -> {
        // Signatures and citations are not shown.
      }
    }
  }

  private void grow(Part part, Kind kind, String text, Emitter out) {
    if (part.kind != kind || text.isEmpty()) {
      return;
    }
    if (!part.started) {
      start(part, out);
    }
    part.text.append(text);
    out.emit(id, new BlockDelta(new BlockId(part.key), DeltaField.TEXT, text));
  }

  /**
   * A whole block of the model, in the list that holds it.
   *
   * @param index its place in the model's message, -1 where the native form does not tell: then it
   *     is the one that was announced, or the next
   */
  void assistant(JsonNode message, int index, Emitter out) {
    String lineId = Json.textOr(message, "id", "message");
    if (!lineId.equals(messageId) || parts.containsKey(index)) {
      startMessage(lineId, out);
    }
    model = Native.model(message);
    for (JsonNode content : message.path("content")) {
      whole(content, index, out);
    }
  }

  private void whole(JsonNode content, int index, Emitter out) {
    Kind kind = Kind.of(Json.textOr(content, "type", ""));
    Part part = openPart(kind, content, index);
    part.finished = true;
    switch (kind) {
      case TEXT -> complete(part, Json.textOr(content, "text", ""), out);
      case THINKING -> complete(part, Json.textOr(content, "thinking", ""), out);
      case TOOL -> {
        Map<String, Object> input = Json.map(content.path("input"));
        tools.called(id, part.key, Json.textOr(content, "name", "unknown"), input, out);
      }
      case OTHER -> {
        if (content.path("tool_use_id").isTextual()) {
          tools.result(id, content, content.path("content"), out);
        }
      }
    }
  }

  /** The part that was announced for this content, or a new one where none was. */
  private Part openPart(Kind kind, JsonNode content, int known) {
    String toolUseId = kind == Kind.TOOL ? Json.text(content, "id") : null;
    for (Part part : parts.values()) {
      boolean same = part.kind == kind && (toolUseId == null || toolUseId.equals(part.key));
      if (same && !part.finished) {
        return part;
      }
    }
    int next = parts.isEmpty() ? 0 : parts.lastKey() + 1;
    int index = known >= 0 && !parts.containsKey(known) ? known : next;
    Part part = new Part(kind, keyOf(kind, content, index));
    parts.put(index, part);
    return part;
  }

  private void complete(Part part, String text, Emitter out) {
    if (part.started || part.kind == Kind.THINKING || !text.isEmpty()) {
      out.emit(id, new BlockCompleted(block(part, text, BlockStatus.COMPLETE)));
    }
  }

  /** Ends what no whole line ended; from the given index on it was cut off. */
  private void finishAll(int cutOffFrom, Emitter out) {
    parts.forEach(
        (index, part) -> {
          if (part.finished) {
            return;
          }
          boolean cutOff = index >= cutOffFrom;
          part.finished = true;
          if (part.kind == Kind.TOOL) {
            tools.abandoned(part.key, out);
          } else if (part.started) {
            BlockStatus status = cutOff ? BlockStatus.ERROR : BlockStatus.COMPLETE;
            out.emit(id, new BlockCompleted(block(part, part.text.toString(), status)));
          }
        });
  }
}
