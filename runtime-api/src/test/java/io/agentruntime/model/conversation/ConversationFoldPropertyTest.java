// SPDX-License-Identifier: MIT

package io.agentruntime.model.conversation;

import static org.assertj.core.api.Assertions.assertThat;

import io.agentruntime.model.block.Block;
import io.agentruntime.model.block.BlockHeader;
import io.agentruntime.model.block.BlockId;
import io.agentruntime.model.event.DeltaField;
import io.agentruntime.model.event.Emission;
import io.agentruntime.model.event.SessionEvent.BlockCompleted;
import io.agentruntime.model.event.SessionEvent.BlockDelta;
import io.agentruntime.model.event.SessionEvent.BlockStarted;
import io.agentruntime.model.event.SessionEvent.BlockUpdated;
import io.agentruntime.model.event.SessionEvent.MetadataUpdated;
import io.agentruntime.model.event.SessionEvent.StreamEvent;
import io.agentruntime.model.event.SessionEvent.SubagentCompleted;
import io.agentruntime.model.event.SessionEvent.SubagentDiscovered;
import io.agentruntime.model.turn.Usage;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.Tuple;
import net.jqwik.api.constraints.IntRange;
import org.jspecify.annotations.Nullable;

final class ConversationFoldPropertyTest {
  private static final List<String> CONVERSATIONS = List.of("main", "s1", "s2");

  private static ConversationFold fold(List<Emission> events) {
    ConversationFold fold = new ConversationFold();
    events.forEach(event -> fold.apply(event.conversationId(), event.event()));
    return fold;
  }

  @Property
  void foldingInTwoPartsGivesWhatFoldingAtOnceGives(
      @ForAll("events") List<Emission> events, @ForAll @IntRange(max = 60) int cut) {
    int at = Math.min(cut, events.size());
    ConversationFold second = ConversationFold.from(fold(events.subList(0, at)).snapshot());
    events
        .subList(at, events.size())
        .forEach(event -> second.apply(event.conversationId(), event.event()));
    assertThat(second.snapshot()).isEqualTo(fold(events).snapshot());
    assertThat(second.openBlocks()).isEqualTo(fold(events).openBlocks());
  }

  @Property
  void aCopyIsTheSameAndGoesItsOwnWay(@ForAll("events") List<Emission> events) {
    ConversationFold original = fold(events);
    ConversationFold copy = original.copy();
    assertThat(copy.snapshot()).isEqualTo(original.snapshot());
    assertThat(copy.settled()).isEqualTo(original.settled());
    Conversation before = original.snapshot();
    events.forEach(event -> copy.apply(event.conversationId(), event.event()));
    assertThat(original.snapshot()).isEqualTo(before);
  }

  @Property
  void blocksStandInTheOrderOfTheirFirstAppearance(@ForAll("events") List<Emission> events) {
    Map<String, Set<BlockId>> expected = new LinkedHashMap<>();
    for (Emission event : events) {
      Block block = block(event.event());
      if (block != null) {
        expected
            .computeIfAbsent(event.conversationId().value(), id -> new LinkedHashSet<>())
            .add(block.id());
      }
    }
    Conversation conversation = fold(events).snapshot();
    assertThat(conversation.blocks().stream().map(Block::id).toList())
        .isEqualTo(List.copyOf(expected.getOrDefault("main", Set.of())));
    for (SubagentConversation subagent : conversation.subagents()) {
      assertThat(subagent.blocks().stream().map(Block::id).toList())
          .isEqualTo(List.copyOf(expected.getOrDefault(subagent.id().value(), Set.of())));
    }
  }

  @Property
  void droppingTheDeltasOfCompletedBlocksChangesNothing(@ForAll("events") List<Emission> events) {
    Map<String, Integer> completedAt = new HashMap<>();
    for (int i = 0; i < events.size(); i++) {
      if (events.get(i).event() instanceof BlockCompleted completed) {
        completedAt.put(key(events.get(i), completed.block().id()), i);
      }
    }
    List<Emission> compacted = new ArrayList<>();
    for (int i = 0; i < events.size(); i++) {
      Emission event = events.get(i);
      boolean dropped =
          event.event() instanceof BlockDelta delta
              && i < completedAt.getOrDefault(key(event, delta.blockId()), -1);
      if (!dropped) {
        compacted.add(event);
      }
    }
    assertThat(fold(compacted).snapshot()).isEqualTo(fold(events).snapshot());
  }

  private static String key(Emission event, BlockId id) {
    return event.conversationId() + " " + id;
  }

  private static @Nullable Block block(StreamEvent event) {
    return switch (event) {
      case BlockStarted e -> e.block();
      case BlockUpdated e -> e.block();
      case BlockCompleted e -> e.block();
      default -> null;
    };
  }

  @Provide
  Arbitrary<List<Emission>> events() {
    Arbitrary<ConversationId> conversations =
        Arbitraries.of(CONVERSATIONS).map(ConversationId::new);
    return Combinators.combine(conversations, event())
        .as(ConversationFoldPropertyTest::emission)
        .list()
        .ofMaxSize(60);
  }

  private static Emission emission(ConversationId conversation, StreamEvent event) {
    return new Emission(conversation, event);
  }

  private static Arbitrary<StreamEvent> event() {
    Arbitrary<String> ids = Arbitraries.of("a", "b", "c", "d");
    Arbitrary<String> texts = Arbitraries.strings().ofMaxLength(5);
    Arbitrary<Block> growing =
        Combinators.combine(ids, texts, times())
            .as((id, text, at) -> new Block.AssistantText(header(id, at, false), text, null));
    Arbitrary<Block> complete =
        Combinators.combine(ids, texts, times())
            .as((id, text, at) -> new Block.AssistantText(header(id, at, true), text, null));
    Arbitrary<ConversationId> subagents = Arbitraries.of("s1", "s2").map(ConversationId::new);
    Arbitrary<String> names = texts.injectNull(0.5);
    return Arbitraries.frequencyOf(
        Tuple.of(3, growing.map(BlockStarted::new)),
        Tuple.of(
            8,
            Combinators.combine(ids, texts)
                .as((id, text) -> new BlockDelta(new BlockId(id), DeltaField.TEXT, text))),
        Tuple.of(2, growing.map(BlockUpdated::new)),
        Tuple.of(2, complete.map(BlockCompleted::new)),
        Tuple.of(
            1,
            Combinators.combine(subagents, names, names)
                .as((id, agent, name) -> new SubagentDiscovered(id, agent, name, null, name))),
        Tuple.of(
            1,
            Combinators.combine(subagents, names, Arbitraries.of(true, false))
                .as((id, text, failed) -> new SubagentCompleted(id, text, failed, text, 1L))),
        Tuple.of(
            1,
            Arbitraries.longs()
                .greaterOrEqual(0)
                .map(
                    n ->
                        new MetadataUpdated(
                            new ConversationMetadata(new Usage(n, 0, 0, 0), null, null)))));
  }

  private static Arbitrary<Instant> times() {
    return Arbitraries.longs().between(0, 10).map(Instant::ofEpochSecond).injectNull(0.5);
  }

  private static BlockHeader header(String id, @Nullable Instant at, boolean complete) {
    BlockHeader header = complete ? BlockHeader.complete(id) : BlockHeader.pending(id);
    return at == null ? header : header.at(at);
  }
}
