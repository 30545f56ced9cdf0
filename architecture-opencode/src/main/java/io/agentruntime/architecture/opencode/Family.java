// SPDX-License-Identifier: MIT

package io.agentruntime.architecture.opencode;

import com.fasterxml.jackson.databind.JsonNode;
import io.agentruntime.architecture.support.json.Json;
import io.agentruntime.architecture.support.protocol.Emitter;
import io.agentruntime.architecture.support.protocol.SafeIds;
import io.agentruntime.model.block.Block;
import io.agentruntime.model.block.BlockHeader;
import io.agentruntime.model.block.BlockId;
import io.agentruntime.model.block.BlockStatus;
import io.agentruntime.model.block.ToolStatus;
import io.agentruntime.model.conversation.ConversationId;
import io.agentruntime.model.event.SessionEvent.BlockCompleted;
import io.agentruntime.model.event.SessionEvent.BlockStarted;
import io.agentruntime.model.event.SessionEvent.BlockUpdated;
import io.agentruntime.model.event.SessionEvent.SubagentCompleted;
import io.agentruntime.model.event.SessionEvent.SubagentDiscovered;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * The subagents of a session: each is a use of one tool, and a session of its own whose id the tool
 * tells. Confined to its owner.
 */
final class Family {
  static final String TOOL = "task";

  /** The frame in which the program hands a subagent's answer to the model. */
  private static final Pattern FRAME =
      Pattern.compile(
          "<task [^>]*>\\s*<task_(?:result|error)>\\n"
              + "(.*)\\n"
              + "</task_(?:result|error)>\\s*</task>\\s*",
          Pattern.DOTALL);

  /** What else there is of a subagent when it becomes known, and before it ends. */
  interface Past {
    /** Gives the lane what the subagent's session holds of one use of the tool. */
    void replay(String session, JsonNode toolPart, Lane lane, Emitter out);
  }

  /** A subagent that runs. */
  private static final class Running {
    boolean started;
    boolean updated;
    @Nullable String session;
    @Nullable JsonNode last;
    @Nullable Lane lane;
  }

  private final Totals totals;
  private final Past past;
  private final Map<String, Running> running = new LinkedHashMap<>();
  private final Map<String, Lane> lanes = new HashMap<>();

  Family(Totals totals, Past past) {
    this.totals = totals;
    this.past = past;
  }

  /** The conversation of a subagent's session, once it is known whose it is. */
  Optional<Lane> lane(String session) {
    return Optional.ofNullable(lanes.get(session));
  }

  /** A use of the tool as it is now; returns whether it has ended. */
  boolean reached(Lane parent, String id, JsonNode part, Emitter out) {
    Running subagent = running.computeIfAbsent(id, unknown -> new Running());
    subagent.last = part;
    JsonNode state = part.path("state");
    String status = Json.textOr(state, "status", "");
    boolean ended = status.equals("completed") || status.equals("error");
    ToolStatus tool = status.equals("pending") ? ToolStatus.PENDING : ToolStatus.RUNNING;
    String session = Json.textOr(state.path("metadata"), "sessionId", "");
    boolean discovered = subagent.session == null && !session.isEmpty();
    if (discovered) {
      subagent.session = session;
    }
    if (!subagent.started) {
      if (!ended || discovered) {
        subagent.started = true;
        out.emit(parent.id(), new BlockStarted(block(id, part, BlockStatus.PENDING, tool)));
      }
    } else if (discovered || (tool == ToolStatus.RUNNING && !subagent.updated && !ended)) {
      subagent.updated = true;
      out.emit(parent.id(), new BlockUpdated(block(id, part, BlockStatus.PENDING, tool)));
    }
    if (discovered) {
      discovered(parent, id, session, part, subagent, out);
    }
    if (ended) {
      ended(parent, id, part, subagent, out);
    }
    return ended;
  }

  private void discovered(
      Lane parent, String id, String session, JsonNode part, Running subagent, Emitter out) {
    JsonNode input = part.path("state").path("input");
    ConversationId conversation = new ConversationId(id);
    out.emit(
        parent.id(),
        new SubagentDiscovered(
            conversation,
            SafeIds.of(session),
            Json.text(input, "subagent_type"),
            Json.text(input, "description"),
            Json.text(input, "prompt")));
    Lane lane = new Lane(conversation, true, totals, this);
    subagent.lane = lane;
    lanes.put(session, lane);
    past.replay(session, part, lane, out);
  }

  private void ended(Lane parent, String id, JsonNode part, Running subagent, Emitter out) {
    running.remove(id);
    JsonNode state = part.path("state");
    boolean failed = !Json.textOr(state, "status", "").equals("completed");
    if (subagent.session != null) {
      out.emit(
          parent.id(),
          new SubagentCompleted(
              new ConversationId(id),
              SafeIds.of(subagent.session),
              failed,
              output(state),
              ToolCall.duration(state)));
    }
    ToolStatus tool = failed ? ToolStatus.ERROR : ToolStatus.SUCCESS;
    out.emit(parent.id(), new BlockCompleted(block(id, part, BlockStatus.COMPLETE, tool)));
  }

  /** The transcript ends in the middle of a subagent's work. */
  void cutOff(Lane parent, String id, Emitter out) {
    Running subagent = running.remove(id);
    if (subagent == null || subagent.last == null) {
      return;
    }
    if (subagent.lane != null) {
      subagent.lane.cutOff(out);
    }
    out.emit(
        parent.id(),
        new BlockCompleted(block(id, subagent.last, BlockStatus.ERROR, ToolStatus.ERROR)));
  }

  private static Block.Subagent block(
      String id, JsonNode part, BlockStatus status, ToolStatus tool) {
    JsonNode state = part.path("state");
    JsonNode input = state.path("input");
    String session = Json.textOr(state.path("metadata"), "sessionId", "");
    boolean ended = status == BlockStatus.COMPLETE;
    return new Block.Subagent(
        new BlockHeader(new BlockId(id), status, null),
        id,
        session.isEmpty() ? null : SafeIds.of(session),
        Json.text(input, "subagent_type"),
        Json.text(input, "description"),
        Json.text(input, "prompt"),
        tool,
        ended ? output(state) : null,
        ended ? ToolCall.duration(state) : null);
  }

  private static @Nullable String output(JsonNode state) {
    String text = Json.text(state, "output");
    if (text == null) {
      return Json.text(state, "error");
    }
    Matcher framed = FRAME.matcher(text);
    return framed.matches() ? framed.group(1) : text;
  }
}
