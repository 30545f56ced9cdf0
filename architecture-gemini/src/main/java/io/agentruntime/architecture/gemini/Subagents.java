// SPDX-License-Identifier: MIT

package io.agentruntime.architecture.gemini;

import com.fasterxml.jackson.databind.JsonNode;
import io.agentruntime.architecture.support.json.Json;
import io.agentruntime.architecture.support.protocol.Emitter;
import io.agentruntime.architecture.support.protocol.SafeIds;
import io.agentruntime.model.block.Block;
import io.agentruntime.model.block.BlockHeader;
import io.agentruntime.model.block.BlockStatus;
import io.agentruntime.model.block.ToolStatus;
import io.agentruntime.model.conversation.ConversationId;
import io.agentruntime.model.event.SessionEvent.BlockCompleted;
import io.agentruntime.model.event.SessionEvent.BlockStarted;
import io.agentruntime.model.event.SessionEvent.BlockUpdated;
import io.agentruntime.model.event.SessionEvent.SubagentCompleted;
import io.agentruntime.model.event.SessionEvent.SubagentDiscovered;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * The subagents of a session. On the wire each is one tool; what it says and does stands in a chat
 * file of its own, which names no tool: it belongs to the subagent that runs and has none, since
 * the program runs one after the other. Confined to its owner.
 */
final class Subagents {
  private static final String TOOL = "invoke_agent";
  private static final Pattern QUOTED = Pattern.compile("'([^']{1,200})'");
  private static final String RESULT = "\nResult:\n";
  private static final String RESPONSE = "response";
  private static final int MOST_WAITING = 10_000;

  /** A subagent that runs. */
  private static final class Running {
    final String toolId;
    final @Nullable String name;
    @Nullable String file;
    @Nullable Lane lane;
    boolean discovered;

    Running(String toolId, @Nullable String name) {
      this.toolId = toolId;
      this.name = name;
    }
  }

  private record Waiting(String file, JsonNode record) {}

  private final Totals totals;
  private final Map<String, Running> running = new LinkedHashMap<>();
  private final Deque<Waiting> waiting = new ArrayDeque<>();
  private final Set<String> endedFiles = new HashSet<>();

  Subagents(Totals totals) {
    this.totals = totals;
  }

  static boolean isSubagent(String toolName) {
    return toolName.equals(TOOL);
  }

  /** A subagent begins on the wire. */
  void started(String toolId, String title, Emitter out) {
    Matcher quoted = QUOTED.matcher(title);
    Running subagent = new Running(toolId, quoted.find() ? quoted.group(1) : null);
    running.put(toolId, subagent);
    Block.Subagent block = block(subagent, BlockStatus.PENDING, ToolStatus.RUNNING, null, null);
    out.main(new BlockStarted(block));
    Deque<Waiting> early = new ArrayDeque<>(waiting);
    waiting.clear();
    early.forEach(each -> record(each.file, each.record, out));
  }

  /** A record of a subagent's chat file. */
  void record(String file, JsonNode record, Emitter out) {
    if (endedFiles.contains(file)) {
      return;
    }
    Running owner = owner(file, out);
    if (owner == null) {
      if (waiting.size() < MOST_WAITING) {
        waiting.addLast(new Waiting(file, record));
      }
      return;
    }
    ChatRecord.of(record).ifPresent(each -> apply(owner, each, out));
  }

  private @Nullable Running owner(String file, Emitter out) {
    for (Running each : running.values()) {
      if (file.equals(each.file)) {
        return each;
      }
    }
    for (Running each : running.values()) {
      if (each.file == null) {
        each.file = file;
        out.main(
            new BlockUpdated(block(each, BlockStatus.PENDING, ToolStatus.RUNNING, null, null)));
        return each;
      }
    }
    return null;
  }

  private void apply(Running subagent, ChatRecord record, Emitter out) {
    ConversationId id = new ConversationId(subagent.toolId);
    Lane lane = subagent.lane;
    if (lane == null) {
      lane = new Lane(id, subagent.toolId, true, totals, this);
      subagent.lane = lane;
    }
    if (!subagent.discovered && record.isPrompt()) {
      subagent.discovered = true;
      out.main(new SubagentDiscovered(id, agentId(subagent), subagent.name, null, record.text()));
    }
    lane.record(record, out);
  }

  private static @Nullable String agentId(Running subagent) {
    return subagent.file == null ? null : SafeIds.of(subagent.file);
  }

  private static Block.Subagent block(
      Running subagent,
      BlockStatus status,
      ToolStatus tool,
      @Nullable String prompt,
      @Nullable String output) {
    return new Block.Subagent(
        BlockHeader.pending(subagent.toolId).with(status),
        subagent.toolId,
        agentId(subagent),
        subagent.name,
        null,
        prompt,
        tool,
        output,
        null);
  }

  /** A subagent's record: what it was told, and its answer. */
  void ended(
      String toolId, Map<String, Object> arguments, String answer, boolean failed, Emitter out) {
    Running known = running.remove(toolId);
    String name = arguments.get("agent_name") instanceof String given ? given : null;
    Running subagent = new Running(toolId, name == null && known != null ? known.name : name);
    if (known != null) {
      subagent.file = known.file;
      if (known.file != null) {
        endedFiles.add(known.file);
      }
      if (known.lane != null) {
        known.lane.end(out);
      }
    }
    String output = report(answer);
    if (known != null && known.discovered) {
      out.main(
          new SubagentCompleted(
              new ConversationId(toolId), agentId(subagent), failed, output, null));
    }
    String prompt = arguments.get("prompt") instanceof String told ? told : null;
    out.main(
        new BlockCompleted(
            block(
                subagent,
                BlockStatus.COMPLETE,
                failed ? ToolStatus.ERROR : ToolStatus.SUCCESS,
                prompt,
                output)));
  }

  /** What a subagent found, without what the program says about it. */
  private static String report(String answer) {
    int result = answer.indexOf(RESULT);
    String report = result < 0 ? answer : answer.substring(result + RESULT.length());
    // The general subagent hands its text over in an object of one field.
    return Json.object(report)
        .filter(object -> object.size() == 1 && object.path(RESPONSE).isTextual())
        .map(object -> object.path(RESPONSE).textValue())
        .orElse(report);
  }

  /** The turn is over: what runs was cut off, and the core completes it. */
  void turnEnded() {
    running
        .values()
        .forEach(
            each -> {
              if (each.file != null) {
                endedFiles.add(each.file);
              }
            });
    running.clear();
    waiting.clear();
  }
}
