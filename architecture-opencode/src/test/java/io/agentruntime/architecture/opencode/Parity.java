// SPDX-License-Identifier: MIT

package io.agentruntime.architecture.opencode;

import io.agentruntime.model.block.Block;
import io.agentruntime.model.block.BlockHeader;
import io.agentruntime.model.block.BlockId;
import io.agentruntime.model.block.BlockStatus;
import io.agentruntime.model.conversation.Conversation;
import io.agentruntime.model.conversation.SubagentConversation;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * What the stream and the transcript must have in common. Left out, as documented: times; the ids
 * of the user's messages, which the program mints itself; what was cut off; and where the results
 * of tools stand that ran side by side.
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
    Map<String, Block> results = new HashMap<>();
    for (Block block : blocks) {
      if (block instanceof Block.ToolResult result) {
        results.put(result.toolUseId(), timeless(block, block.id()));
      }
    }
    List<Block> kept = new ArrayList<>();
    for (Block block : blocks) {
      if (block.status() == BlockStatus.ERROR || block instanceof Block.ToolResult) {
        continue;
      }
      kept.add(timeless(block, block instanceof Block.UserMessage ? USER : block.id()));
      if (block instanceof Block.ToolUse use && results.containsKey(use.toolUseId())) {
        kept.add(results.get(use.toolUseId()));
      }
    }
    return kept;
  }

  private static Block timeless(Block block, BlockId id) {
    return block.withHeader(new BlockHeader(id, block.status(), null));
  }
}
