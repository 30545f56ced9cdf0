// SPDX-License-Identifier: MIT

package io.agentruntime.architecture.gemini;

import io.agentruntime.model.block.Block;
import io.agentruntime.model.block.BlockId;
import io.agentruntime.model.block.BlockStatus;
import io.agentruntime.model.conversation.Conversation;
import io.agentruntime.testkit.architecture.ComparableConversation;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/**
 * What the stream and the transcript must have in common. Left out, as documented: times; the ids
 * of the user's messages, which the program mints itself; space around texts; what was cut off;
 * what a tool that never ran was to do.
 */
final class Parity {
  private static final BlockId USER = new BlockId("user");

  private Parity() {}

  static ComparableConversation of(Conversation conversation) {
    return ComparableConversation.of(conversation, Parity::comparable);
  }

  private static List<Block> comparable(List<Block> blocks) {
    List<Block> kept = new ArrayList<>();
    for (Block block : blocks) {
      if (block.status() != BlockStatus.ERROR) {
        BlockId id = block instanceof Block.UserMessage ? USER : block.id();
        kept.add(ComparableConversation.timeless(stripped(block), id));
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
