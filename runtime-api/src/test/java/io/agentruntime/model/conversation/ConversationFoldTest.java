// SPDX-License-Identifier: MIT

package io.agentruntime.model.conversation;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.tuple;
import static org.junit.jupiter.api.Assertions.assertTimeout;

import io.agentruntime.model.block.Block;
import io.agentruntime.model.block.BlockHeader;
import io.agentruntime.model.block.BlockId;
import io.agentruntime.model.block.BlockStatus;
import io.agentruntime.model.block.ToolStatus;
import io.agentruntime.model.event.DeltaField;
import io.agentruntime.model.event.SessionEvent;
import io.agentruntime.model.event.SessionEvent.BlockCompleted;
import io.agentruntime.model.event.SessionEvent.BlockDelta;
import io.agentruntime.model.event.SessionEvent.BlockStarted;
import io.agentruntime.model.event.SessionEvent.BlockUpdated;
import io.agentruntime.model.event.SessionEvent.MetadataUpdated;
import io.agentruntime.model.event.SessionEvent.SubagentCompleted;
import io.agentruntime.model.event.SessionEvent.SubagentDiscovered;
import io.agentruntime.model.turn.Usage;
import java.math.BigDecimal;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

final class ConversationFoldTest {
  private static final ConversationId SUBAGENT = new ConversationId("toolu_1");

  private final ConversationFold fold = new ConversationFold();

  private void apply(SessionEvent... events) {
    for (SessionEvent event : events) {
      fold.apply(ConversationId.MAIN, event);
    }
  }

  private List<Block> blocks() {
    return fold.snapshot().blocks();
  }

  private static Block text(BlockHeader header, String text) {
    return new Block.AssistantText(header, text, null);
  }

  private static SessionEvent started(String id) {
    return new BlockStarted(text(BlockHeader.pending(id), ""));
  }

  private static SessionEvent delta(String id, String text) {
    return new BlockDelta(new BlockId(id), DeltaField.TEXT, text);
  }

  @Test
  void deltasGrowTheBlockThatTheyName() {
    apply(started("a"), started("b"), delta("a", "1"), delta("b", "x"), delta("a", "2"));
    assertThat(blocks())
        .containsExactly(text(BlockHeader.pending("a"), "12"), text(BlockHeader.pending("b"), "x"));
    assertThat(fold.block(ConversationId.MAIN, new BlockId("a")))
        .contains(text(BlockHeader.pending("a"), "12"));
  }

  @Test
  void thinkingAndToolOutputGrowToo() {
    apply(
        new BlockStarted(new Block.Thinking(BlockHeader.pending("t"), "H", "s")),
        new BlockStarted(
            new Block.ToolResult(BlockHeader.pending("r"), "u", "", false, null, Map.of())),
        delta("t", "m"),
        delta("r", "out"));
    assertThat(blocks())
        .containsExactly(
            new Block.Thinking(BlockHeader.pending("t"), "Hm", "s"),
            new Block.ToolResult(BlockHeader.pending("r"), "u", "out", false, null, Map.of()));
  }

  @Test
  void argumentsInTheMakingAreNotTextOfTheBlock() {
    apply(
        new BlockStarted(
            new Block.ToolUse(
                BlockHeader.pending("a"), "a", "Bash", Map.of(), ToolStatus.PENDING, null, null)),
        started("b"),
        new BlockDelta(new BlockId("a"), DeltaField.INPUT, "{\"x\""),
        new BlockDelta(new BlockId("b"), DeltaField.INPUT, "{\"x\""));
    assertThat(blocks().get(1)).isEqualTo(text(BlockHeader.pending("b"), ""));
    assertThat(((Block.ToolUse) blocks().getFirst()).input()).isEmpty();
  }

  @Test
  void theWholeBlockReplacesWhatItsDeltasHadAdded() {
    apply(started("a"), delta("a", "wrong"), new BlockUpdated(text(BlockHeader.pending("a"), "r")));
    apply(delta("a", "ight"));
    assertThat(blocks()).containsExactly(text(BlockHeader.pending("a"), "right"));
    apply(new BlockCompleted(text(BlockHeader.complete("a"), "final")));
    assertThat(blocks()).containsExactly(text(BlockHeader.complete("a"), "final"));
  }

  @Test
  void aBlockKeepsItsPlaceAndItsTimeWhenItChanges() {
    Instant at = Instant.parse("2026-01-01T00:00:00Z");
    apply(
        new BlockStarted(text(BlockHeader.pending("a").at(at), "")),
        started("b"),
        new BlockCompleted(text(BlockHeader.complete("a"), "x")));
    assertThat(blocks())
        .containsExactly(
            text(BlockHeader.complete("a").at(at), "x"), text(BlockHeader.pending("b"), ""));
    Instant later = at.plusSeconds(1);
    apply(new BlockUpdated(text(BlockHeader.complete("a").at(later), "x")));
    assertThat(blocks().getFirst().header().at()).isEqualTo(later);
  }

  @Test
  void aBlockMayAppearCompleted() {
    apply(new BlockCompleted(text(BlockHeader.complete("a"), "x")));
    assertThat(blocks()).hasSize(1);
  }

  @Test
  void aDeltaOfAnUnknownOrFinalBlockAddsNothing() {
    apply(delta("nobody", "x"), new BlockCompleted(text(BlockHeader.complete("a"), "x")));
    apply(delta("a", "y"));
    fold.apply(SUBAGENT, delta("a", "x"));
    assertThat(blocks()).containsExactly(text(BlockHeader.complete("a"), "x"));
    assertThat(fold.snapshot().subagents()).isEmpty();
  }

  @Test
  void onlyGrowingBlocksAreOpen() {
    apply(started("a"), started("b"), delta("b", "x"));
    apply(new BlockCompleted(text(BlockHeader.complete("a"), "")));
    fold.apply(SUBAGENT, started("c"));
    assertThat(fold.openBlocks())
        .isEqualTo(
            Map.of(
                ConversationId.MAIN,
                List.of(text(BlockHeader.pending("b"), "x")),
                SUBAGENT,
                List.of(text(BlockHeader.pending("c"), ""))));
    Block failed = text(BlockHeader.complete("b").with(BlockStatus.ERROR), "x");
    apply(new BlockCompleted(failed));
    assertThat(fold.openBlocks()).containsOnlyKeys(SUBAGENT);
  }

  @Test
  void aSubagentHasAConversationOfItsOwn() {
    apply(new SubagentDiscovered(SUBAGENT, null, "explorer", "look", "Look around."));
    fold.apply(SUBAGENT, started("a"));
    apply(new SubagentDiscovered(SUBAGENT, "agent-7", null, null, null));
    assertThat(blocks()).isEmpty();
    assertThat(fold.snapshot().subagents())
        .containsExactly(
            new SubagentConversation(
                SUBAGENT,
                "agent-7",
                "explorer",
                "Look around.",
                ToolStatus.RUNNING,
                null,
                null,
                List.of(text(BlockHeader.pending("a"), ""))));
    apply(new SubagentCompleted(SUBAGENT, null, false, "done", 5L));
    fold.apply(SUBAGENT, new BlockCompleted(text(BlockHeader.complete("a"), "late")));
    apply(new SubagentDiscovered(SUBAGENT, null, null, null, null));
    assertThat(fold.snapshot().subagents())
        .containsExactly(
            new SubagentConversation(
                SUBAGENT,
                "agent-7",
                "explorer",
                "Look around.",
                ToolStatus.SUCCESS,
                "done",
                5L,
                List.of(text(BlockHeader.complete("a"), "late"))));
  }

  @Test
  void aSubagentThatWasNeverDiscoveredIsKnownByItsBlocksOrItsEnd() {
    fold.apply(SUBAGENT, started("a"));
    ConversationId other = new ConversationId("toolu_2");
    apply(new SubagentCompleted(other, "x", true, null, null));
    assertThat(fold.snapshot().subagents())
        .extracting(SubagentConversation::id, SubagentConversation::status)
        .containsExactly(tuple(SUBAGENT, ToolStatus.RUNNING), tuple(other, ToolStatus.ERROR));
  }

  @Test
  void metadataIsOverwrittenByWhatIsKnownAndOnlyInTheMainConversation() {
    apply(new MetadataUpdated(new ConversationMetadata(new Usage(1, 2, 3, 4), null, "x")));
    apply(new MetadataUpdated(new ConversationMetadata(null, BigDecimal.TEN, null)));
    fold.apply(SUBAGENT, new MetadataUpdated(new ConversationMetadata(null, BigDecimal.ZERO, "y")));
    assertThat(fold.snapshot().metadata())
        .isEqualTo(new ConversationMetadata(new Usage(1, 2, 3, 4), BigDecimal.TEN, "x"));
  }

  @Test
  void aSnapshotDoesNotChangeAfterwards() {
    apply(started("a"), delta("a", "x"));
    Conversation snapshot = fold.snapshot();
    apply(delta("a", "y"), started("b"));
    assertThat(snapshot.blocks()).containsExactly(text(BlockHeader.pending("a"), "x"));
  }

  @Test
  void twoHundredThousandDeltasOfOneBlockFoldInLinearTime() {
    apply(started("a"));
    SessionEvent delta = delta("a", "twenty characters...");
    // Copying the text for each delta would move 400 GB.
    assertTimeout(
        Duration.ofSeconds(10),
        () -> {
          for (int i = 0; i < 200_000; i++) {
            fold.apply(ConversationId.MAIN, delta);
          }
        });
    assertThat(((Block.AssistantText) blocks().getFirst()).text()).hasSize(4_000_000);
  }

  @Test
  void twoHundredThousandBlocksFoldInLinearTime() {
    // Looking each block up in a list would take 20 billion steps.
    assertTimeout(
        Duration.ofSeconds(10),
        () -> {
          for (int i = 0; i < 200_000; i++) {
            apply(started("b" + i), delta("b" + i, "x"));
          }
        });
    assertThat(blocks()).hasSize(200_000);
  }
}
