package io.agentruntime.core;

import static io.agentruntime.core.RuntimeFixture.only;
import static io.agentruntime.core.RuntimeFixture.until;
import static io.agentruntime.core.RuntimeFixture.untilTurnEnds;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.agentruntime.core.event.EventFeed;
import io.agentruntime.core.event.FeedBatch;
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
}
