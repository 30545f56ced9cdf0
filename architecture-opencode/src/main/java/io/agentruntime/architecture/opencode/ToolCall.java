// SPDX-License-Identifier: MIT

package io.agentruntime.architecture.opencode;

import com.fasterxml.jackson.databind.JsonNode;
import io.agentruntime.architecture.support.json.Json;
import io.agentruntime.architecture.support.protocol.Emitter;
import io.agentruntime.model.block.Block;
import io.agentruntime.model.block.BlockHeader;
import io.agentruntime.model.block.BlockId;
import io.agentruntime.model.block.BlockStatus;
import io.agentruntime.model.block.ToolStatus;
import io.agentruntime.model.event.DeltaField;
import io.agentruntime.model.event.SessionEvent.BlockCompleted;
import io.agentruntime.model.event.SessionEvent.BlockDelta;
import io.agentruntime.model.event.SessionEvent.BlockStarted;
import io.agentruntime.model.event.SessionEvent.BlockUpdated;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** One use of a tool, from its name to its result. Confined to its lane. */
final class ToolCall {
  /** The program's stand-in for tools that do not exist and for arguments that do not fit. */
  private static final String INVALID = "invalid";

  private final Lane lane;
  private final Family family;
  private final String id;
  private String callId = "";
  private String name = "unknown";
  private Map<String, Object> input = Map.of();
  private @Nullable String title;
  private boolean started;
  private boolean running;
  private final StringBuilder printed = new StringBuilder();

  ToolCall(Lane lane, Family family, String id) {
    this.lane = lane;
    this.family = family;
    this.id = id;
  }

  String id() {
    return id;
  }

  String callId() {
    return callId;
  }

  String name() {
    return name;
  }

  Map<String, Object> input() {
    return input;
  }

  /** The state of the tool now; returns whether it has ended. */
  boolean reached(JsonNode part, Emitter out) {
    JsonNode state = part.path("state");
    callId = Json.textOr(part, "callID", "");
    String tool = Json.textOr(part, "tool", "unknown");
    boolean invalid = tool.equals(INVALID);
    name = invalid ? Json.textOr(state.path("input"), "tool", tool) : tool;
    title = Json.text(state, "title");
    input = Json.map(state.path("input"));
    if (name.equals(Family.TOOL) && !invalid) {
      return family.reached(lane, id, part, out);
    }
    return switch (Json.textOr(state, "status", "")) {
      case "completed" -> ended(state, invalid || isStopped(state), out);
      case "error" -> ended(state, true, out);
      case "running" -> {
        begun(ToolStatus.RUNNING, out);
        yield false;
      }
      default -> {
        begun(ToolStatus.PENDING, out);
        yield false;
      }
    };
  }

  /** A command that was stopped has no exit code; other tools do not speak of one. */
  private static boolean isStopped(JsonNode state) {
    return state.path("metadata").path("exit").isNull();
  }

  private void begun(ToolStatus status, Emitter out) {
    Block.ToolUse use = use(BlockStatus.PENDING, status);
    if (!started) {
      out.emit(lane.id(), new BlockStarted(use));
    } else if (status == ToolStatus.RUNNING && !running) {
      out.emit(lane.id(), new BlockUpdated(use));
    }
    started = true;
    running |= status == ToolStatus.RUNNING;
  }

  /** The command prints while it runs. */
  void printed(String text, Emitter out) {
    if (!running) {
      return;
    }
    if (printed.isEmpty()) {
      BlockHeader header = BlockHeader.pending(resultId());
      out.emit(
          lane.id(), new BlockStarted(new Block.ToolResult(header, id, "", false, null, Map.of())));
    }
    grown(text, out);
  }

  private void grown(String text, Emitter out) {
    printed.append(text);
    out.emit(lane.id(), new BlockDelta(new BlockId(resultId()), DeltaField.TEXT, text));
  }

  private boolean ended(JsonNode state, boolean failed, Emitter out) {
    ToolStatus status = failed ? ToolStatus.ERROR : ToolStatus.SUCCESS;
    out.emit(lane.id(), new BlockCompleted(use(BlockStatus.COMPLETE, status)));
    String output = Json.textOr(state, "output", Json.textOr(state, "error", ""));
    boolean more = output.length() > printed.length() && output.startsWith(printed.toString());
    if (!printed.isEmpty() && more) {
      grown(output.substring(printed.length()), out);
    }
    out.emit(
        lane.id(),
        new BlockCompleted(
            new Block.ToolResult(
                BlockHeader.complete(resultId()),
                id,
                output,
                failed,
                duration(state),
                details(state.path("metadata")))));
    return true;
  }

  /** How long a tool ran; null where the program does not say. */
  static @Nullable Long duration(JsonNode state) {
    Long from = Json.number(state.path("time"), "start");
    Long to = Json.number(state.path("time"), "end");
    return from == null || to == null ? null : Long.valueOf(Math.max(0, to - from));
  }

  private static Map<String, Object> details(JsonNode metadata) {
    Map<String, Object> details = new LinkedHashMap<>();
    Long exit = Json.number(metadata, "exit");
    if (exit != null) {
      details.put("exitCode", exit.intValue());
    }
    String diff = Json.textOr(metadata, "diff", "");
    if (!diff.isEmpty()) {
      details.put("diff", diff);
    }
    return details;
  }

  void cutOff(Emitter out) {
    if (name.equals(Family.TOOL)) {
      family.cutOff(lane, id, out);
    } else if (started) {
      out.emit(lane.id(), new BlockCompleted(use(BlockStatus.ERROR, ToolStatus.ERROR)));
    }
  }

  private String resultId() {
    return "result-" + id;
  }

  private Block.ToolUse use(BlockStatus status, ToolStatus tool) {
    BlockHeader header = new BlockHeader(new BlockId(id), status, null);
    return new Block.ToolUse(header, id, name, input, tool, null, title);
  }
}
