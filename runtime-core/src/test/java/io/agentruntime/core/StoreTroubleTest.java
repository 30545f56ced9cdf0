// SPDX-License-Identifier: MIT

package io.agentruntime.core;

import static io.agentruntime.core.RuntimeFixture.only;
import static io.agentruntime.core.RuntimeFixture.until;
import static io.agentruntime.core.RuntimeFixture.untilTurnEnds;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.agentruntime.core.event.EventFeed;
import io.agentruntime.core.event.FeedBatch;
import io.agentruntime.core.event.FeedBatch.StoreChange;
import io.agentruntime.core.session.MessageRequest;
import io.agentruntime.core.session.Session;
import io.agentruntime.model.event.EventEnvelope;
import io.agentruntime.model.event.SessionEvent;
import io.agentruntime.model.session.SessionId;
import io.agentruntime.persistence.memory.InMemoryPersistenceAdapter;
import io.agentruntime.testkit.architecture.ScriptedArchitecture;
import io.agentruntime.testkit.persistence.FaultyPersistence;
import io.agentruntime.testkit.persistence.NineOperationsAdapter;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Stores that have only the nine basic operations, and feeds on long logs. */
class StoreTroubleTest {
  @TempDir Path folder;

  @Test
  void aSessionOfAStoreWithTheNineOperationsContinuesAfterAReload() throws Exception {
    NineOperationsAdapter adapter = new NineOperationsAdapter();
    SessionId id;
    try (RuntimeFixture fixture =
        RuntimeFixture.start(
            folder,
            config -> config.persistence(adapter.id()),
            new ScriptedArchitecture(),
            List.of(adapter))) {
      Session session = fixture.create();
      id = session.id();
      session.send(MessageRequest.text("say remembered then write f.txt content"));
      until(session, event -> event instanceof SessionEvent.TranscriptSaved);
      assertThat(fixture.runtime().sessions().unload(id)).isTrue();

      Session again = fixture.runtime().sessions().get(id);
      assertThat(again.view().conversation().blocks().toString()).contains("remembered");
      assertThat(again.view().files()).hasSize(1);
      long last = again.view().lastSeq();
      again.send(MessageRequest.text("recall then read f.txt"));
      List<EventEnvelope> events = until(again, last, RuntimeFixture::isTurnEnd);
      assertThat(only(events, SessionEvent.TurnCompleted.class)).hasSize(1);
      assertThat(again.view().conversation().blocks().toString()).contains("content");
    }
  }

  @Test
  void aFeedGivesEveryEventOnceHoweverFarBackItBegins() throws Exception {
    try (RuntimeFixture fixture = RuntimeFixture.start(folder)) {
      Session session = fixture.create();
      session.send(MessageRequest.text("stream 5000"));
      List<EventEnvelope> all = untilTurnEnds(session, 1);
      assertThat(only(all, SessionEvent.BlockDelta.class)).hasSize(5000);
      for (long after : new long[] {0, 1, 17, 2500, all.size() - 1L}) {
        assertThat(numbersAfter(session, after, all.getLast().seq()))
            .containsExactlyElementsOf(
                java.util.stream.LongStream.rangeClosed(after + 1, all.size()).boxed().toList());
      }
      try (EventFeed feed = session.feed(1_000_000)) {
        FeedBatch first = feed.next(Duration.ofSeconds(5));
        assertThat(first.reset()).isTrue();
      }
      assertThatThrownBy(() -> session.feed(-1)).hasMessageContaining("after");
    }
  }

  private static List<Long> numbersAfter(Session session, long after, long last)
      throws InterruptedException {
    List<Long> numbers = new ArrayList<>();
    try (EventFeed feed = session.feed(after)) {
      while (numbers.isEmpty() || numbers.getLast() < last) {
        FeedBatch batch = feed.next(Duration.ofSeconds(10));
        assertThat(batch.events()).isNotEmpty();
        batch.events().stream()
            .map(EventEnvelope::seq)
            .filter(seq -> seq <= last)
            .forEach(numbers::add);
      }
    }
    return numbers;
  }

  @Test
  void anAnswerOfTheStoreThatIsLostWhileMoreEventsComeLosesAndDoublesNothing() throws Exception {
    FaultyPersistence store = new FaultyPersistence(new InMemoryPersistenceAdapter());
    try (RuntimeFixture fixture =
        RuntimeFixture.start(
            folder,
            config -> config.persistence(store.id()),
            new ScriptedArchitecture(),
            List.of(store))) {
      Session session = fixture.create();
      for (int turn = 1; turn <= 5; turn++) {
        store.loseReplies(1);
        session.send(MessageRequest.text("stream 3000"));
        List<EventEnvelope> events = untilTurnEnds(session, turn);
        assertThat(events)
            .extracting(EventEnvelope::seq)
            .containsExactlyElementsOf(LongStream.rangeClosed(1, events.size()).boxed().toList());
        assertThat(only(events, SessionEvent.TurnCompleted.class)).hasSize(turn);
      }
    }
  }

  @Test
  void whoFollowsIsToldThatTheStoreFailsAndThenMissesNothing() throws Exception {
    FaultyPersistence store = new FaultyPersistence(new InMemoryPersistenceAdapter());
    try (RuntimeFixture fixture =
            RuntimeFixture.start(
                folder,
                config -> config.persistence(store.id()),
                new ScriptedArchitecture(),
                List.of(store));
        ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
      Session session = fixture.create();
      session.send(MessageRequest.text("wait"));
      List<EventEnvelope> before =
          RuntimeFixture.until(session, event -> event instanceof SessionEvent.TurnStarted);
      try (EventFeed feed = session.feed(before.getLast().seq())) {
        store.failAppends();
        // Returns once the store has taken it.
        Future<Boolean> interrupted = threads.submit(session::interrupt);
        assertThat(nextNews(feed).store()).isEqualTo(StoreChange.FAILING);
        long cursor = feed.cursor();
        try (EventFeed late = session.feed(0)) {
          assertThat(late.next(Duration.ZERO).events()).hasSize((int) cursor);
          assertThat(late.next(Duration.ZERO).store()).isEqualTo(StoreChange.FAILING);
        }
        assertThat(feed.next(Duration.ZERO)).isEqualTo(FeedBatch.EMPTY);
        store.heal();
        assertThat(nextNews(feed).store()).isEqualTo(StoreChange.RECOVERED);
        FeedBatch batch = feed.next(Duration.ofSeconds(30));
        assertThat(batch.events().getFirst().seq()).isEqualTo(cursor + 1);
        assertThat(interrupted.get(30, TimeUnit.SECONDS)).isTrue();
      }
      assertThat(untilTurnEnds(session, 1).getLast().event())
          .isInstanceOf(SessionEvent.TurnInterrupted.class);
    }
  }

  /** The first batch that says something about the store; none with events may come before. */
  private static FeedBatch nextNews(EventFeed feed) throws InterruptedException {
    FeedBatch batch = feed.next(Duration.ofSeconds(30));
    while (batch.store() == StoreChange.NONE && !batch.events().isEmpty()) {
      batch = feed.next(Duration.ofSeconds(30));
    }
    return batch;
  }
}
