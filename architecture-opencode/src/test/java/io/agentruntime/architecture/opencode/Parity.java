// SPDX-License-Identifier: MIT

package io.agentruntime.architecture.opencode;

import io.agentruntime.model.block.Block;
import io.agentruntime.model.block.BlockId;
import io.agentruntime.model.block.BlockStatus;
import io.agentruntime.model.conversation.Conversation;
import io.agentruntime.testkit.architecture.ComparableConversation;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * What the stream and the transcript must have in common. Left out, as documented: times; the ids
 * of the user's messages, which the program mints itself; what was cut off; and where the results
 * of tools stand that ran side by side.
 */
final class Parity {
  private static final BlockId USER = new BlockId("user");

  private Parity() {}

  static ComparableConversation of(Conversation conversation) {
    return ComparableConversation.of(conversation, Parity::comparable);
  }

  private static List<Block> comparable(List<Block> blocks) {
    Map<String, Block> results = new HashMap<>();
    for (Block block : blocks) {
      if (block instanceof Block.ToolResult result) {
        results.put(result.toolUseId(), ComparableConversation.timeless(block));
      }
    }
    List<Block> kept = new ArrayList<>();
    for (Block block : blocks) {
      if (block.status() == BlockStatus.ERROR || block instanceof Block.ToolResult) {
        continue;
      }
      kept.add(
          ComparableConversation.timeless(
              block, block instanceof Block.UserMessage ? USER : block.id()));
      if (block instanceof Block.ToolUse use && results.containsKey(use.toolUseId())) {
        kept.add(results.get(use.toolUseId()));
      }
    }
    return kept;
  }
}
