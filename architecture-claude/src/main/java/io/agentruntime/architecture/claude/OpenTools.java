// SPDX-License-Identifier: MIT

package io.agentruntime.architecture.claude;

import com.fasterxml.jackson.databind.JsonNode;
import io.agentruntime.architecture.support.json.Json;
import io.agentruntime.architecture.support.protocol.Emitter;
import io.agentruntime.model.block.Block;
import io.agentruntime.model.block.BlockHeader;
import io.agentruntime.model.block.BlockId;
import io.agentruntime.model.block.BlockStatus;
import io.agentruntime.model.block.ToolStatus;
import io.agentruntime.model.conversation.ConversationId;
import io.agentruntime.model.event.DeltaField;
import io.agentruntime.model.event.SessionEvent.BlockCompleted;
import io.agentruntime.model.event.SessionEvent.BlockDelta;
import io.agentruntime.model.event.SessionEvent.BlockStarted;
import io.agentruntime.model.event.SessionEvent.BlockUpdated;
import io.agentruntime.model.event.SessionEvent.SubagentCompleted;
import io.agentruntime.model.event.SessionEvent.SubagentDiscovered;
import io.agentruntime.model.turn.UserContent;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * The tools that were asked for and have not answered, and the subagents that work. Confined to its
 * protocol.
 */
final class OpenTools {
  /** An unanswered tool use in its conversation. */
  private record Open(ConversationId conversation, Block block) {}

  private final Map<String, Open> open = new LinkedHashMap<>();
  private final Set<String> background = new HashSet<>();
  private final Map<ConversationId, String> prompts = new HashMap<>();

  /** The model begins to write a tool use. */
  void begin(ConversationId conversation, String toolUseId, String name, Emitter out) {
    if (open.containsKey(toolUseId)) {
      return;
    }
    Block block = Native.tool(toolUseId, name, Map.of(), BlockStatus.PENDING, ToolStatus.PENDING);
    open.put(toolUseId, new Open(conversation, block));
    out.emit(conversation, new BlockStarted(block));
  }

  /** The model writes on at its arguments. */
  void inputDelta(String toolUseId, String json, Emitter out) {
    Open tool = open.get(toolUseId);
    if (tool != null && tool.block instanceof Block.ToolUse && !json.isEmpty()) {
      out.emit(
          tool.conversation,
          new BlockDelta(new BlockId(Native.id(toolUseId)), DeltaField.INPUT, json));
    }
  }

  /** A tool use is complete and is being executed. */
  void called(
      ConversationId conversation,
      String toolUseId,
      String name,
      Map<String, Object> input,
      Emitter out) {
    boolean known = open.containsKey(toolUseId);
    Block block = Native.tool(toolUseId, name, input, BlockStatus.PENDING, ToolStatus.RUNNING);
    open.put(toolUseId, new Open(conversation, block));
    out.emit(conversation, known ? new BlockUpdated(block) : new BlockStarted(block));
    if (block instanceof Block.Subagent subagent) {
      discovered(conversation, subagent, out);
    }
  }

  /** A subagent was started; its prompt is the first block of its conversation. */
  private void discovered(ConversationId parent, Block.Subagent subagent, Emitter out) {
    ConversationId id = new ConversationId(subagent.toolUseId());
    String prompt = subagent.prompt();
    out.emit(
        parent, new SubagentDiscovered(id, null, subagent.name(), subagent.description(), prompt));
    if (prompt != null) {
      prompts.put(id, prompt);
      out.emit(
          id,
          new BlockCompleted(
              new Block.UserMessage(
                  BlockHeader.complete("prompt-" + subagent.toolUseId()),
                  new UserContent.Text(prompt))));
    }
  }

  /**
   * Whether a text is the prompt that stands in a subagent's conversation already. The program
   * repeats it there, but only for subagents in the foreground, so it is taken from the tool use.
   */
  boolean isPrompt(ConversationId conversation, String text) {
    return prompts.remove(conversation, text);
  }

  /** A subagent's native id became known. */
  void bind(String toolUseId, String agentId, Emitter out) {
    Open tool = open.get(toolUseId);
    if (tool != null && tool.block instanceof Block.Subagent s && s.agentId() == null) {
      Block bound = Native.with(s, agentId, s.tool());
      open.put(toolUseId, new Open(tool.conversation, bound));
      out.emit(tool.conversation, new BlockUpdated(bound));
    }
  }

  /** The model's message was cut off in the middle of a tool use. */
  void abandoned(String toolUseId, Emitter out) {
    Open tool = open.remove(toolUseId);
    if (tool == null) {
      return;
    }
    Block ended =
        switch (tool.block) {
          case Block.ToolUse use -> use.with(ToolStatus.ERROR);
          case Block.Subagent subagent -> Native.with(subagent, null, ToolStatus.ERROR);
          default -> tool.block;
        };
    out.emit(
        tool.conversation,
        new BlockCompleted(ended.withHeader(ended.header().with(BlockStatus.ERROR))));
  }

  /**
   * A tool has answered.
   *
   * @param conversation where the answer came, used when the tool use is unknown
   * @param result the {@code tool_result} block
   * @param structured what the program adds for programs
   */
  void result(ConversationId conversation, JsonNode result, JsonNode structured, Emitter out) {
    String toolUseId = Json.textOr(result, "tool_use_id", "unknown");
    Open tool = open.get(toolUseId);
    if (tool != null && tool.block instanceof Block.Subagent) {
      SubagentEnd.of(result, structured)
          .ifPresentOrElse(end -> end(toolUseId, end, out), () -> background.add(toolUseId));
      return;
    }
    Block.ToolResult answer = Native.toolResult(result, structured);
    if (tool != null && tool.block instanceof Block.ToolUse use) {
      open.remove(toolUseId);
      Block ended = use.with(answer.failed() ? ToolStatus.ERROR : ToolStatus.SUCCESS);
      out.emit(
          tool.conversation,
          new BlockCompleted(ended.withHeader(ended.header().with(BlockStatus.COMPLETE))));
    }
    out.emit(tool == null ? conversation : tool.conversation, new BlockCompleted(answer));
  }

  /** A task has ended; for one in the foreground its tool result says more and ends it. */
  void notified(JsonNode line, Emitter out) {
    notified(SubagentEnd.ofNotification(line, Json.textOr(line, "tool_use_id", "")), out);
  }

  /** As {@link #notified(JsonNode, Emitter)}, from the text that tells the model of it. */
  void notified(SubagentEnd end, Emitter out) {
    if (background.contains(end.toolUseId())) {
      end(end.toolUseId(), end, out);
    }
  }

  /** A transcript has ended: what is open was cut off. */
  void abandonAll(Emitter out) {
    List.copyOf(open.keySet()).forEach(toolUseId -> abandoned(toolUseId, out));
  }

  /** A turn has ended: what is open is completed by the core. */
  void forget() {
    open.clear();
    background.clear();
    prompts.clear();
  }

  private void end(String toolUseId, SubagentEnd end, Emitter out) {
    Open tool = open.remove(toolUseId);
    background.remove(toolUseId);
    if (tool == null || !(tool.block instanceof Block.Subagent subagent)) {
      return;
    }
    Block.Subagent ended = Native.ended(subagent, end);
    out.emit(
        tool.conversation,
        new SubagentCompleted(
            new ConversationId(ended.toolUseId()),
            ended.agentId(),
            end.failed(),
            end.output(),
            end.durationMillis()));
    out.emit(tool.conversation, new BlockCompleted(ended));
  }
}
