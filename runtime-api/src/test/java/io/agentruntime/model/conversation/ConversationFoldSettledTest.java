// SPDX-License-Identifier: MIT

package io.agentruntime.model.conversation;

import static org.assertj.core.api.Assertions.assertThat;

import io.agentruntime.model.block.Block;
import io.agentruntime.model.block.BlockHeader;
import io.agentruntime.model.block.BlockId;
import io.agentruntime.model.event.SessionEvent.BlockCompleted;
import io.agentruntime.model.event.SessionEvent.BlockStarted;
import io.agentruntime.model.event.SessionEvent.BlockUpdated;
import java.util.List;
import org.junit.jupiter.api.Test;

class ConversationFoldSettledTest {
  private final ConversationFold fold = new ConversationFold();

  @Test
  void blocksSettleInTheOrderInWhichTheyAreCompleted() {
    start("a");
    start("b");
    complete("b");
    complete("a");

    assertThat(fold.snapshot().blocks())
        .extracting(block -> block.id().value())
        .containsExactly("a", "b");
    assertThat(settled()).containsExactly("b", "a");
  }

  @Test
  void growingBlocksHaveNotSettled() {
    start("a");
    fold.apply(ConversationId.MAIN, new BlockUpdated(pending("a")));

    assertThat(settled()).isEmpty();
  }

  @Test
  void aCopyKeepsTheOrderAndGoesItsOwnWay() {
    start("a");
    start("b");
    complete("b");
    ConversationFold copy = fold.copy();
    complete("a");

    assertThat(copy.settled().get(ConversationId.MAIN)).containsExactly(new BlockId("b"));
    assertThat(settled()).containsExactly("b", "a");
  }

  @Test
  void whatWasDecodedHasSettledInItsOwnOrder() {
    Conversation decoded =
        new Conversation(
            List.of(done("a"), pending("b"), done("c")), List.of(), ConversationMetadata.EMPTY);

    assertThat(ConversationFold.from(decoded).settled().get(ConversationId.MAIN))
        .containsExactly(new BlockId("a"), new BlockId("c"));
  }

  private List<String> settled() {
    return fold.settled().getOrDefault(ConversationId.MAIN, List.of()).stream()
        .map(BlockId::value)
        .toList();
  }

  private void start(String id) {
    fold.apply(ConversationId.MAIN, new BlockStarted(pending(id)));
  }

  private void complete(String id) {
    fold.apply(ConversationId.MAIN, new BlockCompleted(done(id)));
  }

  private static Block pending(String id) {
    return new Block.AssistantText(BlockHeader.pending(id), "", null);
  }

  private static Block done(String id) {
    return new Block.AssistantText(BlockHeader.complete(id), id, null);
  }
}
