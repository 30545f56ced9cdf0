// SPDX-License-Identifier: MIT

package io.agentruntime.testkit.architecture;

import io.agentruntime.model.block.Block;
import io.agentruntime.model.block.BlockHeader;
import io.agentruntime.model.block.BlockId;
import io.agentruntime.model.conversation.Conversation;
import io.agentruntime.model.conversation.SubagentConversation;
import java.util.List;
import java.util.function.UnaryOperator;

/**
 * What the stream and the transcript of a conversation must have in common: the blocks, as far as
 * an architecture's documented differences go.
 *
 * @param main the blocks of the main conversation
 * @param subagents those of the subagents
 */
public record ComparableConversation(List<Block> main, List<SubagentConversation> subagents) {
  /** Copies the lists. */
  public ComparableConversation {
    main = List.copyOf(main);
    subagents = List.copyOf(subagents);
  }

  /**
   * What is comparable of a conversation.
   *
   * @param comparable the same of the blocks of one conversation; they must be {@link #timeless}
   */
  public static ComparableConversation of(
      Conversation conversation, UnaryOperator<List<Block>> comparable) {
    return new ComparableConversation(
        comparable.apply(conversation.blocks()),
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
                        comparable.apply(s.blocks())))
            .toList());
  }

  /** The block without the time at which it was seen. */
  public static Block timeless(Block block) {
    return timeless(block, block.id());
  }

  /** The block without the time at which it was seen, under another id. */
  public static Block timeless(Block block, BlockId id) {
    return block.withHeader(new BlockHeader(id, block.status(), null));
  }
}
