// SPDX-License-Identifier: MIT

package io.agentruntime.architecture.gemini;

import com.fasterxml.jackson.databind.JsonNode;
import io.agentruntime.architecture.support.json.Json;
import io.agentruntime.architecture.support.protocol.Emitter;
import io.agentruntime.model.block.Block;
import io.agentruntime.model.block.BlockHeader;
import io.agentruntime.model.block.ToolStatus;
import io.agentruntime.model.conversation.ConversationId;
import io.agentruntime.model.event.SessionEvent.BlockCompleted;
import io.agentruntime.model.event.SessionEvent.BlockStarted;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The tools of one conversation's turn. On the wire they begin and end; their arguments and what
 * they returned stand in the records alone. Confined to its lane.
 */
final class ToolCalls {
  private enum State {
    RUNNING,
    /** Ended on the wire; what it returned is still to come. */
    FINISHED,
    DONE
  }

  private static final class Call {
    final String title;
    final String name;
    State state = State.RUNNING;
    @Nullable JsonNode last;

    Call(String name, String title) {
      this.name = name;
      this.title = title;
    }
  }

  private final ConversationId conversation;
  private final Subagents subagents;
  private final Map<String, Call> calls = new LinkedHashMap<>();

  ToolCalls(ConversationId conversation, Subagents subagents) {
    this.conversation = conversation;
    this.subagents = subagents;
  }

  boolean isKnown(String id) {
    return calls.containsKey(id);
  }

  /** Whether nothing more about this tool will come on the wire. */
  boolean isFinished(String id) {
    Call call = calls.get(id);
    return call != null && call.state != State.RUNNING;
  }

  /** The number of tools in this turn. */
  int count() {
    return calls.size();
  }

  /** A tool begins on the wire. */
  void started(String id, String name, String title, Emitter out) {
    calls.put(id, new Call(name, title));
    if (Subagents.isSubagent(name)) {
      subagents.started(id, title, out);
    } else {
      out.emit(
          conversation,
          new BlockStarted(
              new Block.ToolUse(
                  BlockHeader.pending(id), id, name, Map.of(), ToolStatus.RUNNING, null, title)));
    }
  }

  /** A tool ends on the wire. */
  void finished(String id, JsonNode update) {
    Call call = calls.get(id);
    if (call != null && call.state == State.RUNNING) {
      call.state = State.FINISHED;
      call.last = update;
    }
  }

  /** A tool will not run. */
  void refused(String id) {
    Call call = calls.get(id);
    if (call != null && call.state == State.RUNNING) {
      call.state = State.FINISHED;
    }
  }

  /** A tool's record: arguments and answer. */
  void recorded(JsonNode record, Emitter out) {
    String id = ToolResults.id(record);
    String name = Json.textOr(record, "name", nameOf(id));
    Call call = calls.computeIfAbsent(id, unknown -> new Call(name, ""));
    if (call.state == State.DONE) {
      return;
    }
    call.state = State.DONE;
    JsonNode answer = record.path("result").path(0).path("functionResponse").path("response");
    boolean failed = !Json.textOr(record, "status", "success").equals("success");
    Map<String, Object> arguments = Json.map(record.path("args"));
    if (Subagents.isSubagent(name)) {
      subagents.ended(id, arguments, ToolResults.output(answer), failed, out);
      return;
    }
    Block.ToolResult result =
        ToolResults.result(id, name, answer, failed, ToolResults.details(name, answer, record));
    complete(
        id,
        name,
        arguments,
        Json.text(record, "displayName"),
        Json.text(record, "description"),
        result,
        out);
  }

  /**
   * What the model was told of a tool; for tools that were refused or do not exist, all there is.
   */
  void answered(JsonNode response, Emitter out) {
    String id = ToolResults.id(response);
    String name = Json.textOr(response, "name", nameOf(id));
    Call call = calls.computeIfAbsent(id, unknown -> new Call(name, ""));
    if (call.state == State.DONE) {
      return;
    }
    call.state = State.DONE;
    JsonNode answer = response.path("response");
    boolean failed = answer.path("error").isTextual();
    if (Subagents.isSubagent(name)) {
      subagents.ended(id, Map.of(), ToolResults.output(answer), failed, out);
      return;
    }
    String title = call.title.isEmpty() ? null : call.title;
    complete(
        id,
        name,
        Map.of(),
        null,
        title,
        ToolResults.result(id, name, answer, failed, Map.of()),
        out);
  }

  private void complete(
      String id,
      String name,
      Map<String, Object> arguments,
      @Nullable String displayName,
      @Nullable String description,
      Block.ToolResult result,
      Emitter out) {
    ToolStatus status = result.failed() ? ToolStatus.ERROR : ToolStatus.SUCCESS;
    BlockHeader header = BlockHeader.complete(id);
    out.emit(
        conversation,
        new BlockCompleted(
            new Block.ToolUse(header, id, name, arguments, status, displayName, description)));
    out.emit(conversation, new BlockCompleted(result));
  }

  /** The turn is over: what only the wire told of is told as far as it goes. */
  void turnEnded(Emitter out) {
    calls.forEach(
        (id, call) -> {
          JsonNode last = call.last;
          if (call.state == State.FINISHED && last != null && !Subagents.isSubagent(call.name)) {
            Block.ToolResult result = ToolResults.ofWire(id, last);
            complete(id, call.name, Map.of(), null, call.title, result, out);
          }
        });
    calls.clear();
  }

  /** The program makes a call's id from the tool's name and the model's id. */
  static String nameOf(String id) {
    int end = id.lastIndexOf("__");
    return end > 0 ? id.substring(0, end) : "unknown";
  }
}
