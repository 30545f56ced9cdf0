// SPDX-License-Identifier: MIT

package io.agentruntime.testkit.architecture;

import io.agentruntime.model.block.Block;
import io.agentruntime.model.block.BlockHeader;
import io.agentruntime.model.block.BlockStatus;
import io.agentruntime.model.conversation.Conversation;
import io.agentruntime.model.conversation.SubagentConversation;
import java.util.List;
import java.util.stream.Stream;

/** What of a conversation is said for good, whatever comes after it. */
final class Understood {
  private Understood() {}

  /**
   * The completed blocks of texts and results, of subagents too. Tools and subagents are left out:
   * their ends are told by later lines.
   */
  static List<Block> blocks(Conversation conversation) {
    return Stream.concat(
            conversation.blocks().stream(),
            conversation.subagents().stream()
                .map(SubagentConversation::blocks)
                .flatMap(List::stream))
        .filter(block -> block.status() == BlockStatus.COMPLETE)
        .filter(
            block ->
                switch (block) {
                  case Block.UserMessage message -> true;
                  case Block.AssistantText text -> true;
                  case Block.Thinking thinking -> true;
                  case Block.ToolResult result -> true;
                  default -> false;
                })
        .map(block -> block.withHeader(new BlockHeader(block.id(), block.status(), null)))
        .toList();
  }
}
