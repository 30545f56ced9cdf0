// SPDX-License-Identifier: MIT

package io.agentruntime.model.conversation;

import io.agentruntime.model.block.Block;
import java.util.List;

/**
 * The folded state of a session's events: ordered blocks and the subagents' conversations.
 * Immutable; {@link ConversationFold} builds it.
 *
 * @param blocks the main conversation's blocks in order
 * @param subagents the subagents in order of appearance
 * @param metadata usage, cost and model
 */
public record Conversation(
    List<Block> blocks, List<SubagentConversation> subagents, ConversationMetadata metadata) {
  /** A conversation without blocks. */
  public static final Conversation EMPTY =
      new Conversation(List.of(), List.of(), ConversationMetadata.EMPTY);

  /** Copies the lists. */
  public Conversation {
    blocks = List.copyOf(blocks);
    subagents = List.copyOf(subagents);
  }
}
