// SPDX-License-Identifier: MIT

package io.agentruntime.core.defects;

import static io.agentruntime.core.RuntimeFixture.only;
import static io.agentruntime.core.RuntimeFixture.until;
import static io.agentruntime.core.defects.Turns.blocks;
import static io.agentruntime.core.defects.Turns.storedTurn;
import static io.agentruntime.core.defects.Turns.turn;
import static org.assertj.core.api.Assertions.assertThat;

import io.agentruntime.core.RuntimeFixture;
import io.agentruntime.core.session.MessageRequest;
import io.agentruntime.core.session.Session;
import io.agentruntime.error.StandardError;
import io.agentruntime.model.event.EventEnvelope;
import io.agentruntime.model.event.SessionEvent;
import io.agentruntime.model.session.SessionId;
import io.agentruntime.testkit.sandbox.FakeOperation;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What happens at once, and what other servers of this kind did wrong then. */
class RaceTest {
  @TempDir Path folder;

  @Test
  void twoMessagesAtOnceOnAWarmSessionAreTwoTurnsInOrderInOneProcess() throws Exception {
    try (RuntimeFixture fixture = RuntimeFixture.start(folder)) {
      Session session = fixture.create();
      turn(session, "say warm");
      long before = session.view().lastSeq();
      atOnce(
          List.of(
              () -> session.send(MessageRequest.text("stream 50")),
              () -> session.send(MessageRequest.text("stream 50"))));
      int[] ends = {0};
      List<EventEnvelope> events =
          until(
              session,
              before,
              event -> event instanceof SessionEvent.TurnCompleted && ++ends[0] == 2);

      List<String> order =
          events.stream()
              .map(EventEnvelope::event)
              .flatMap(
                  event ->
                      switch (event) {
                        case SessionEvent.TurnStarted e -> Stream.of("start " + e.messageId());
                        case SessionEvent.BlockDelta e ->
                            Stream.of("delta " + e.blockId().value().replaceAll("-\\d+$", ""));
                        case SessionEvent.TurnCompleted e -> Stream.of("end " + e.messageId());
                        default -> Stream.<String>empty();
                      })
              .toList();
      String first = order.getFirst().substring("start ".length());
      String second = order.getLast().substring("end ".length());
      assertThat(order).hasSize(104);
      assertThat(order.subList(1, 51)).containsOnly("delta " + first);
      assertThat(order.subList(51, 53)).containsExactly("end " + first, "start " + second);
      assertThat(order.subList(53, 103)).containsOnly("delta " + second);
      assertThat(fixture.sandboxes().created()).isEqualTo(1);
    }
  }

  @Test
  void aSessionThatManyAskForAtOnceIsLoadedOnce() throws Exception {
    try (RuntimeFixture fixture = RuntimeFixture.start(folder)) {
      SessionId id = fixture.create().id();
      fixture.runtime().sessions().unload(id);
      List<Session> got = atOnce(Stream.generate(() -> ask(fixture, id)).limit(16).toList());
      assertThat(new HashSet<>(got)).hasSize(1);
    }
  }

  private static Callable<Session> ask(RuntimeFixture fixture, SessionId id) {
    return () -> fixture.runtime().sessions().get(id);
  }

  @Test
  void aSessionThatIsAskedForWhileItLeavesComesBackWhole() throws Exception {
    try (RuntimeFixture fixture = RuntimeFixture.start(folder)) {
      Session session = fixture.create();
      SessionId id = session.id();
      session.send(MessageRequest.text("say kept then wait"));
      until(
          session,
          event ->
              event instanceof SessionEvent.BlockCompleted e && e.toString().contains("text=kept"));
      try (ExecutorService asking = Executors.newVirtualThreadPerTaskExecutor()) {
        Future<Session> again;
        CountDownLatch mayEnd = new CountDownLatch(1);
        CountDownLatch ending = new CountDownLatch(1);
        fixture
            .sandboxes()
            .faults()
            .before(
                FakeOperation.TERMINATE,
                () -> {
                  ending.countDown();
                  mayEnd.await();
                });
        Future<Boolean> unloaded = asking.submit(() -> fixture.runtime().sessions().unload(id));
        assertThat(ending.await(60, TimeUnit.SECONDS)).isTrue();
        again = asking.submit(() -> fixture.runtime().sessions().get(id));
        mayEnd.countDown();
        assertThat(unloaded.get(60, TimeUnit.SECONDS)).isTrue();
        fixture.sandboxes().faults().heal(FakeOperation.TERMINATE);

        Session reloaded = again.get(60, TimeUnit.SECONDS);
        assertThat(reloaded).isNotSameAs(session);
        assertThat(blocks(reloaded)).contains("say kept then wait", "text=kept");
        turn(reloaded, "recall");
        assertThat(blocks(reloaded)).contains("I recall: say kept");
      }
    }
  }

  @Test
  void aSandboxThatCannotBeSetUpIsNotUsedHalfReady() throws Exception {
    try (RuntimeFixture fixture = RuntimeFixture.start(folder)) {
      Session session = fixture.create();
      storedTurn(session, "say one then write f.txt content");
      session.terminateSandbox();
      fixture
          .sandboxes()
          .faults()
          .failNext(FakeOperation.WRITE_FILES, 1, StandardError.SANDBOX_UNAVAILABLE);
      assertThat(only(turn(session, "read f.txt"), SessionEvent.TurnFailed.class)).hasSize(1);
      assertThat(fixture.sandboxes().live()).isEmpty();

      turn(session, "recall then read f.txt");
      assertThat(blocks(session)).contains("I recall: say one", "output=content");
      assertThat(session.view().runtime().sandbox()).isNotNull();
    }
  }

  @Test
  void aSessionThatWasOnlyLookedAtLeavesMemoryWhenNobodyUsesIt() throws Exception {
    try (RuntimeFixture fixture =
        RuntimeFixture.start(folder, config -> config.idleTimeout(Duration.ofMillis(300)))) {
      SessionId id = fixture.create().id();
      CountDownLatch left = new CountDownLatch(1);
      try (AutoCloseable watch =
          fixture
              .runtime()
              .sessions()
              .onChange(
                  () -> {
                    if (fixture.runtime().sessions().loaded(id).isEmpty()) {
                      left.countDown();
                    }
                  })) {
        fixture.runtime().sessions().get(id);
        assertThat(left.await(60, TimeUnit.SECONDS)).isTrue();
      }
      assertThat(fixture.runtime().sessions().get(id).id()).isEqualTo(id);
      assertThat(fixture.sandboxes().created()).isZero();
    }
  }

  @Test
  void sandboxesEndInParallelWhenTheRuntimeStops() throws Exception {
    int count = 12;
    try (RuntimeFixture fixture = RuntimeFixture.start(folder)) {
      for (int i = 0; i < count; i++) {
        turn(fixture.create(), "say " + i);
      }
      // None gets through before all have come.
      CyclicBarrier all = new CyclicBarrier(count);
      fixture
          .sandboxes()
          .faults()
          .before(
              FakeOperation.TERMINATE,
              () -> {
                try {
                  all.await(20, TimeUnit.SECONDS);
                } catch (java.util.concurrent.BrokenBarrierException
                    | java.util.concurrent.TimeoutException e) {
                  throw new AssertionError("sandboxes end one after the other", e);
                }
              });
      fixture.runtime().close();
      assertThat(fixture.sandboxes().live()).isEmpty();
    }
  }

  @Test
  void oneSandboxThatDoesNotEndKeepsTheRuntimeFromStoppingOnlyUntilItsDeadline() throws Exception {
    RuntimeFixture fixture =
        RuntimeFixture.start(folder, config -> config.shutdownTimeout(Duration.ofSeconds(1)));
    Session stuck = fixture.create();
    turn(stuck, "say stuck");
    turn(fixture.create(), "say free");
    CountDownLatch never = new CountDownLatch(1);
    int[] calls = {0};
    fixture
        .sandboxes()
        .faults()
        .before(
            FakeOperation.TERMINATE,
            () -> {
              synchronized (calls) {
                if (calls[0]++ > 0) {
                  return;
                }
              }
              never.await();
            });
    Thread closing = Thread.ofVirtual().start(fixture.runtime()::close);
    assertThat(closing.join(Duration.ofSeconds(30))).isTrue();
    never.countDown();
  }

  private static <T> List<T> atOnce(List<? extends Callable<T>> tasks) throws Exception {
    CyclicBarrier start = new CyclicBarrier(tasks.size());
    List<T> results = new ArrayList<>();
    try (ExecutorService executor = Executors.newVirtualThreadPerTaskExecutor()) {
      List<Future<T>> futures =
          tasks.stream()
              .map(
                  task ->
                      executor.submit(
                          () -> {
                            start.await(60, TimeUnit.SECONDS);
                            return task.call();
                          }))
              .toList();
      for (Future<T> future : futures) {
        results.add(future.get(60, TimeUnit.SECONDS));
      }
    }
    return results;
  }
}
