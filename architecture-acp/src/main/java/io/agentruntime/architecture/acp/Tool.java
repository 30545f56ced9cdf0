// SPDX-License-Identifier: MIT

package io.agentruntime.architecture.acp;

import com.fasterxml.jackson.databind.JsonNode;
import io.agentruntime.architecture.support.json.Json;
import io.agentruntime.architecture.support.protocol.Emitter;
import io.agentruntime.architecture.support.protocol.SafeIds;
import io.agentruntime.model.block.Block;
import io.agentruntime.model.block.BlockHeader;
import io.agentruntime.model.block.BlockId;
import io.agentruntime.model.block.ToolStatus;
import io.agentruntime.model.event.DeltaField;
import io.agentruntime.model.event.SessionEvent.BlockCompleted;
import io.agentruntime.model.event.SessionEvent.BlockDelta;
import io.agentruntime.model.event.SessionEvent.BlockStarted;
import io.agentruntime.model.event.SessionEvent.BlockUpdated;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * One call of a tool: its use, and what it returned. The protocol names no tools; a tool's kind
 * ({@code execute}, {@code edit}…) stands for its name, or its title where it is of no known kind.
 * Confined to its turn.
 */
final class Tool {
  private static final String OTHER = "other";

  private final String id;
  private final String useId;
  private final String resultId;
  private final String name;
  private String title;
  private Map<String, Object> input;
  private ToolStatus status;
  private boolean done;
  private @Nullable String printed;
  private JsonNode locations = Json.MAPPER.missingNode();
  private JsonNode content = Json.MAPPER.missingNode();
  private JsonNode rawOutput = Json.MAPPER.missingNode();

  Tool(String turn, String id, JsonNode call) {
    this.id = id;
    useId = SafeIds.of(turn + "-" + id);
    resultId = SafeIds.of(turn + "-result-" + id);
    title = Json.textOr(call, "title", "");
    String kind = Json.textOr(call, "kind", OTHER);
    name = kind.equals(OTHER) && !title.isEmpty() ? title : kind;
    input = ToolContent.input(call.path("rawInput"));
    status = status(call, ToolStatus.PENDING);
    locations = call.path("locations");
  }

  String name() {
    return name;
  }

  private static ToolStatus status(JsonNode call, ToolStatus otherwise) {
    return switch (Json.textOr(call, "status", "")) {
      case "pending" -> ToolStatus.PENDING;
      case "in_progress", "completed", "failed" -> ToolStatus.RUNNING;
      default -> otherwise;
    };
  }

  void begin(Emitter out) {
    out.main(new BlockStarted(use(BlockHeader.pending(useId), status)));
  }

  /** Fields that an update leaves out stay as they were. */
  void update(JsonNode call, Emitter out) {
    if (done) {
      return;
    }
    String oldTitle = title;
    Map<String, Object> oldInput = input;
    ToolStatus oldStatus = status;
    title = Json.textOr(call, "title", title);
    Map<String, Object> newInput = ToolContent.input(call.path("rawInput"));
    input = newInput.isEmpty() ? input : newInput;
    status = status(call, status);
    locations = call.path("locations").isArray() ? call.path("locations") : locations;
    content = call.path("content").isArray() ? call.path("content") : content;
    rawOutput = call.path("rawOutput").isMissingNode() ? rawOutput : call.path("rawOutput");
    String ended = Json.textOr(call, "status", "");
    if (ended.equals("completed") || ended.equals("failed")) {
      end(ended.equals("failed"), out);
      return;
    }
    if (!title.equals(oldTitle) || !input.equals(oldInput) || status != oldStatus) {
      out.main(new BlockUpdated(use(BlockHeader.pending(useId), status)));
    }
    String text = ToolContent.text(content);
    if (call.path("content").isArray() && !text.isEmpty()) {
      print(text, out);
    }
  }

  /** What it has printed so far: programs tell all of it each time, some only the end of it. */
  private void print(String text, Emitter out) {
    String before = printed;
    if (text.equals(before)) {
      return;
    }
    printed = text;
    if (before == null) {
      out.main(new BlockStarted(result(BlockHeader.pending(resultId), "", false, Map.of())));
    }
    String known = before == null ? "" : before;
    out.main(
        text.startsWith(known)
            ? new BlockDelta(new BlockId(resultId), DeltaField.TEXT, text.substring(known.length()))
            : new BlockUpdated(result(BlockHeader.pending(resultId), text, false, Map.of())));
  }

  private void end(boolean failed, Emitter out) {
    done = true;
    String output = ToolContent.output(content, rawOutput);
    if (output.isEmpty() && printed != null) {
      output = printed;
    }
    if (printed != null) {
      print(output, out);
    }
    out.main(
        new BlockCompleted(
            use(BlockHeader.complete(useId), failed ? ToolStatus.ERROR : ToolStatus.SUCCESS)));
    Map<String, Object> details = new LinkedHashMap<>();
    ToolContent.details(details, content, rawOutput, locations, output);
    out.main(new BlockCompleted(result(BlockHeader.complete(resultId), output, failed, details)));
  }

  private Block use(BlockHeader header, ToolStatus now) {
    return new Block.ToolUse(
        header, id, name, input, now, title.isEmpty() || title.equals(name) ? null : title, null);
  }

  private Block result(
      BlockHeader header, String output, boolean failed, Map<String, Object> details) {
    return new Block.ToolResult(header, id, output, failed, null, details);
  }
}
