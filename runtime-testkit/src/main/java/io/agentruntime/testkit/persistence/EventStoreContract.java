// SPDX-License-Identifier: MIT

package io.agentruntime.testkit.persistence;

import static org.assertj.core.api.Assertions.assertThat;

import io.agentruntime.error.StandardError;
import io.agentruntime.model.event.EventEnvelope;
import io.agentruntime.model.event.SessionEvent;
import io.agentruntime.model.session.SessionId;
import io.agentruntime.spi.persistence.AppendBatch;
import io.agentruntime.spi.persistence.AppendResult;
import io.agentruntime.spi.persistence.EventPage;
import io.agentruntime.spi.persistence.EventStore;
import io.agentruntime.spi.persistence.LeaseEpoch;
import io.agentruntime.spi.persistence.PersistenceCapability;
import io.agentruntime.testkit.event.EventSamples;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.concurrent.Callable;
import org.junit.jupiter.api.Test;

@Role(PersistenceCapability.EVENTS)
abstract class EventStoreContract extends RoleContract {
  private EventStore store() {
    return adapter().events();
  }

  private TestLog log() throws InterruptedException {
    SessionId id = bench().session();
    return new TestLog(store(), id, bench().own(id));
  }

  @Test
  void everyKindOfEventComesBackAsItWas() throws InterruptedException {
    SessionId id = bench().session();
    AppendBatch batch =
        TestLog.batch(id, bench().own(id), 0, List.copyOf(EventSamples.events().values()));
    assertThat(store().append(List.of(batch)))
        .containsExactly(new AppendResult.Appended(batch.events().size()));
    List<EventEnvelope> back = TestLog.readAll(store(), id, 0, 1000);
    assertThat(back).hasSameSizeAs(batch.events());
    for (int i = 0; i < back.size(); i++) {
      assertThat(back.get(i)).isEqualTo(batch.events().get(i));
    }
  }

  @Test
  void aLogThatWasNeverWrittenIsEmpty() throws InterruptedException {
    SessionId id = bench().session();
    for (SessionId session : List.of(id, NOBODY)) {
      assertThat(store().read(session, 0, 10)).isEqualTo(new EventPage(List.of(), 0, true));
      assertThat(store().last(session)).isZero();
    }
  }

  @Test
  void eventsAreReadInOrderAfterAnyNumber() throws InterruptedException {
    SessionId id = bench().session();
    LeaseEpoch epoch = bench().own(id);
    AppendBatch first = TestLog.deltas(id, epoch, 0, 7);
    AppendBatch second = TestLog.deltas(id, epoch, 7, 5);
    assertThat(store().append(List.of(first))).containsExactly(new AppendResult.Appended(7));
    assertThat(store().append(List.of(second))).containsExactly(new AppendResult.Appended(12));
    assertThat(store().last(id)).isEqualTo(12);
    List<EventEnvelope> all = new ArrayList<>(first.events());
    all.addAll(second.events());
    for (int after = 0; after <= 12; after++) {
      assertThat(store().read(id, after, 100))
          .isEqualTo(new EventPage(all.subList(after, 12), 12, true));
    }
  }

  @Test
  void pagesGiveEveryEventOnceWhateverTheirSize() throws InterruptedException {
    SessionId id = bench().session();
    AppendBatch batch = TestLog.deltas(id, bench().own(id), 0, 100);
    store().append(List.of(batch));
    for (int limit : new int[] {1, 7, 50, 99, 100, 101}) {
      EventPage page = store().read(id, 0, limit);
      assertThat(page.events()).hasSize(Math.min(limit, 100));
      assertThat(page.last()).isEqualTo(100);
      assertThat(TestLog.readAll(store(), id, 0, limit)).isEqualTo(batch.events());
    }
  }

  @Test
  void readingAtOrPastTheEndGivesNothing() throws InterruptedException {
    SessionId id = bench().session();
    store().append(List.of(TestLog.deltas(id, bench().own(id), 0, 3)));
    for (long after : new long[] {3, 4, Long.MAX_VALUE}) {
      EventPage page = store().read(id, after, 10);
      assertThat(page.events()).isEmpty();
      assertThat(page.last()).isEqualTo(3);
    }
  }

  @Test
  void aPageOfNothingIsRefused() throws InterruptedException {
    SessionId id = bench().session();
    assertRefused(StandardError.INVALID_ARGUMENT, () -> store().read(id, 0, 0));
  }

  @Test
  void anAppendThatExpectsAnotherLastNumberChangesNothing() throws InterruptedException {
    SessionId id = bench().session();
    LeaseEpoch epoch = bench().own(id);
    store().append(List.of(TestLog.deltas(id, epoch, 0, 3)));
    for (long expected : new long[] {0, 2, 4}) {
      assertThat(store().append(List.of(TestLog.deltas(id, epoch, expected, 2))))
          .containsExactly(new AppendResult.Conflict(3));
    }
    assertThat(store().last(id)).isEqualTo(3);
    assertThat(store().append(List.of(TestLog.deltas(id, epoch, 3, 1))))
        .containsExactly(new AppendResult.Appended(4));
  }

  @Test
  void eachBatchSucceedsOrFailsOnItsOwn() throws InterruptedException {
    SessionId good = bench().session();
    SessionId late = bench().session();
    SessionId alsoGood = bench().session();
    LeaseEpoch lateEpoch = bench().own(late);
    store().append(List.of(TestLog.deltas(late, lateEpoch, 0, 1)));
    List<AppendResult> results =
        store()
            .append(
                List.of(
                    TestLog.deltas(good, bench().own(good), 0, 2),
                    TestLog.deltas(late, lateEpoch, 0, 2),
                    TestLog.deltas(NOBODY, LeaseEpoch.NONE, 0, 2),
                    TestLog.deltas(alsoGood, bench().own(alsoGood), 0, 3)));
    assertThat(results).hasSize(4);
    assertThat(results.get(0)).isEqualTo(new AppendResult.Appended(2));
    assertThat(results.get(1)).isEqualTo(new AppendResult.Conflict(1));
    assertThat(results.get(2)).isInstanceOf(AppendResult.Failed.class);
    assertThat(((AppendResult.Failed) results.get(2)).error().code())
        .isEqualTo(StandardError.SESSION_NOT_FOUND);
    assertThat(results.get(3)).isEqualTo(new AppendResult.Appended(3));
    assertThat(store().last(good)).isEqualTo(2);
    assertThat(store().last(late)).isEqualTo(1);
    assertThat(store().last(NOBODY)).isZero();
    assertThat(store().last(alsoGood)).isEqualTo(3);
  }

  @Test
  void batchesOfOneSessionAreAppendedInTheirOrder() throws InterruptedException {
    SessionId id = bench().session();
    LeaseEpoch epoch = bench().own(id);
    assertThat(
            store()
                .append(
                    List.of(
                        TestLog.deltas(id, epoch, 0, 2),
                        TestLog.deltas(id, epoch, 2, 2),
                        TestLog.deltas(id, epoch, 2, 9),
                        TestLog.deltas(id, epoch, 4, 1))))
        .containsExactly(
            new AppendResult.Appended(2),
            new AppendResult.Appended(4),
            new AppendResult.Conflict(4),
            new AppendResult.Appended(5));
    assertThat(TestLog.readAll(store(), id, 0, 100)).hasSize(5);
  }

  @Test
  void noBatchesGiveNoResults() throws InterruptedException {
    assertThat(store().append(List.of())).isEmpty();
  }

  @Test
  void sessionsWithOpenMessagesAreFoundUntilNoneIsOpen() throws InterruptedException {
    List<SessionId> open = new ArrayList<>();
    for (int i = 0; i < 5; i++) {
      SessionId id = bench().session();
      open.add(id);
      store().append(List.of(leavingOpen(id, 0, i + 1)));
    }
    SessionId quiet = bench().session();
    store().append(List.of(leavingOpen(quiet, 0, 0)));
    bench().session();
    open.sort(Comparator.comparing(SessionId::value));
    for (int limit = 1; limit <= 6; limit++) {
      assertThat(unfinished(limit)).isEqualTo(open);
    }
    SessionId ended = open.remove(2);
    store().append(List.of(leavingOpen(ended, 1, 0)));
    SessionId refused = open.getFirst();
    store().append(List.of(leavingOpen(refused, 7, 0)));
    assertThat(unfinished(6)).isEqualTo(open);
    assertRefused(StandardError.INVALID_ARGUMENT, () -> store().unfinished(null, 0));
  }

  private AppendBatch leavingOpen(SessionId id, long last, int openMessages)
      throws InterruptedException {
    LeaseEpoch epoch = last == 0 ? bench().own(id) : new LeaseEpoch(Long.MAX_VALUE);
    return new AppendBatch(
        id,
        epoch,
        last,
        List.of(TestLog.envelope(id, last + 1, TestLog.delta("b", "x"))),
        openMessages);
  }

  private List<SessionId> unfinished(int limit) throws InterruptedException {
    List<SessionId> all = new ArrayList<>();
    List<SessionId> page = store().unfinished(null, limit);
    while (!page.isEmpty()) {
      all.addAll(page);
      page = page.size() < limit ? List.of() : store().unfinished(all.getLast(), limit);
    }
    return all;
  }

  @Test
  void logsDoNotMix() throws InterruptedException {
    TestLog one = log();
    TestLog other = log();
    List<EventEnvelope> ones = one.append(TestLog.delta("b", "one"));
    List<EventEnvelope> others = other.append(TestLog.delta("b", "x"), TestLog.delta("b", "y"));
    assertThat(one.readAll()).isEqualTo(ones);
    assertThat(other.readAll()).isEqualTo(others);
  }

  @Test
  void textComesBackVerbatim() throws InterruptedException {
    TestLog log = log();
    List<EventEnvelope> events = log.append(TestLog.delta("b", UNICODE), TestLog.delta("b", ""));
    assertThat(log.readAll()).isEqualTo(events);
  }

  @Test
  void largeEventsAndManyEventsFit() throws InterruptedException {
    TestLog log = log();
    List<EventEnvelope> large = log.append(TestLog.completed("b", "0123456789".repeat(200_000)));
    List<SessionEvent> many = new ArrayList<>();
    for (int i = 0; i < 10_000; i++) {
      many.add(TestLog.delta("c", "text " + i));
    }
    log.append(many.toArray(SessionEvent[]::new));
    List<EventEnvelope> back = log.readAll();
    assertThat(back).hasSize(10_001);
    assertThat(back.getFirst().equals(large.getFirst())).isTrue();
    assertThat(back.getLast().event()).isEqualTo(TestLog.delta("c", "text 9999"));
  }

  @Test
  void manySessionsAreWrittenAtOnce() throws InterruptedException {
    List<Callable<Integer>> tasks = new ArrayList<>();
    List<TestLog> logs = new ArrayList<>();
    for (int i = 0; i < 20; i++) {
      TestLog log = log();
      logs.add(log);
      tasks.add(
          () -> {
            for (int n = 0; n < 50; n++) {
              log.append(TestLog.delta("b", n + ".0"), TestLog.delta("b", n + ".1"));
            }
            return log.readAll().size();
          });
    }
    assertThat(atOnce(tasks)).containsOnly(100);
    for (TestLog log : logs) {
      List<EventEnvelope> events = log.readAll();
      for (int i = 0; i < events.size(); i++) {
        assertThat(events.get(i).seq()).isEqualTo(i + 1);
        assertThat(events.get(i).event()).isEqualTo(TestLog.delta("b", (i / 2) + "." + (i % 2)));
      }
    }
  }

  @Test
  void ofManyWritersOfOneNumberExactlyOneSucceeds() throws InterruptedException {
    SessionId id = bench().session();
    LeaseEpoch epoch = bench().own(id);
    List<Callable<Integer>> tasks = new ArrayList<>();
    for (int t = 0; t < 20; t++) {
      tasks.add(
          () -> {
            int won = 0;
            for (long n = 0; n < 20; n++) {
              List<AppendResult> results = store().append(List.of(TestLog.deltas(id, epoch, n, 1)));
              if (results.getFirst() instanceof AppendResult.Appended appended) {
                assertThat(appended.last()).isEqualTo(n + 1);
                won++;
              }
            }
            return won;
          });
    }
    int won = atOnce(tasks).stream().mapToInt(Integer::intValue).sum();
    assertThat(store().last(id)).isEqualTo(won);
    List<EventEnvelope> events = TestLog.readAll(store(), id, 0, 100);
    assertThat(events).hasSize(won);
    for (int i = 0; i < won; i++) {
      assertThat(events.get(i).seq()).isEqualTo(i + 1);
    }
  }
}
