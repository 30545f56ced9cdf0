// SPDX-License-Identifier: MIT

package io.agentruntime.architecture.gemini;

import io.agentruntime.model.block.Block;
import io.agentruntime.model.block.BlockHeader;
import io.agentruntime.model.block.BlockId;
import io.agentruntime.model.block.BlockStatus;
import io.agentruntime.model.conversation.Conversation;
import io.agentruntime.model.conversation.SubagentConversation;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/**
 * What the stream and the transcript must have in common. Left out, as documented: times; the ids
 * of the user's messages, which the program mints itself; space around texts; what was cut off;
 * what a tool that never ran was to do.
 */
record Parity(List<Block> main, List<SubagentConversation> subagents) {
  private static final BlockId USER = new BlockId("user");

  static Parity of(Conversation conversation) {
    return new Parity(
        comparable(conversation.blocks()),
        conversation.subagents().stream()
            .map(
                s ->
                    new SubagentConversation(
                        s.id(),
                        s.agentId(),
                        s.name(),
                        s.prompt(),
                        s.status(),
                        s.output(),
                        s.durationMillis(),
                        comparable(s.blocks())))
            .toList());
  }

  private static List<Block> comparable(List<Block> blocks) {
    List<Block> kept = new ArrayList<>();
    for (Block block : blocks) {
      if (block.status() != BlockStatus.ERROR) {
        BlockId id = block instanceof Block.UserMessage ? USER : block.id();
        kept.add(stripped(block).withHeader(new BlockHeader(id, block.status(), null)));
      }
    }
    return kept;
  }

  private static Block stripped(Block block) {
    return switch (block) {
      case Block.AssistantText text ->
          new Block.AssistantText(text.header(), text.text().strip(), text.model());
      case Block.ToolUse tool when tool.input().isEmpty() ->
          new Block.ToolUse(
              tool.header(), tool.toolUseId(), tool.toolName(), Map.of(), tool.tool(), null, null);
      default -> block;
    };
  }
}
