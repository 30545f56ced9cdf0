// SPDX-License-Identifier: MIT

package io.agentruntime.architecture.claude;

import io.agentruntime.model.block.Block;
import io.agentruntime.model.block.BlockStatus;
import io.agentruntime.model.conversation.Conversation;
import io.agentruntime.testkit.architecture.ComparableConversation;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;

/**
 * What the stream and the transcript must have in common. Left out, as documented: times; notes
 * about the process (its start, retries, hooks, refusals); pieces that were cut off and tried
 * again.
 */
final class Parity {
  private Parity() {}

  static ComparableConversation of(Conversation conversation) {
    ComparableConversation found = ComparableConversation.of(conversation, Parity::comparable);
    // Subagents that work at once are found in an order that is chance.
    return new ComparableConversation(
        found.main(),
        found.subagents().stream().sorted(Comparator.comparing(s -> s.id().value())).toList());
  }

  private static List<Block> comparable(List<Block> blocks) {
    List<Block> kept = new ArrayList<>();
    for (Block block : blocks) {
      if (!isStreamOnly(block)) {
        kept.add(ComparableConversation.timeless(block));
      }
    }
    return kept;
  }

  private static boolean isStreamOnly(Block block) {
    return switch (block) {
      case Block.SystemNote note ->
          note.subtype().equals("session_start")
              || note.subtype().equals("hook_response")
              || note.details().containsKey("attempt");
      case Block.AssistantText text -> text.status() == BlockStatus.ERROR;
      default -> false;
    };
  }
}
