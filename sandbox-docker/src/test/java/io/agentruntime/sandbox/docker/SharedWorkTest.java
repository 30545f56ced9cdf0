// SPDX-License-Identifier: MIT

package io.agentruntime.sandbox.docker;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.agentruntime.error.AgentRuntimeException;
import io.agentruntime.error.StandardError;
import io.agentruntime.testkit.sandbox.SandboxBench;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(60)
class SharedWorkTest {
  private final AtomicInteger done = new AtomicInteger();
  private final CountDownLatch end = new CountDownLatch(1);

  @Test
  void workIsDoneOnceForAllWhoWaitAndAgainForWhoComesLater() throws Exception {
    SharedWork work = new SharedWork("work", this::untilEnd);
    List<Waiter> waiters = Stream.generate(() -> Waiter.of(work)).limit(5).toList();
    for (Waiter waiter : waiters) {
      waiter.awaitWaiting();
    }

    end.countDown();

    for (Waiter waiter : waiters) {
      assertThat(waiter.outcome().get(30, TimeUnit.SECONDS)).isTrue();
    }
    assertThat(done).hasValue(1);
    SandboxBench.await(
        "it is done again",
        () -> {
          work.await();
          return done.get() > 1;
        });
  }

  @Test
  void anInterruptEndsTheWaitingOfOneOnly() throws Exception {
    SharedWork work = new SharedWork("work", this::untilEnd);
    Waiter first = Waiter.of(work);
    first.awaitWaiting();
    Waiter second = Waiter.of(work);
    second.awaitWaiting();

    first.thread().interrupt();

    assertThatThrownBy(() -> first.outcome().get(30, TimeUnit.SECONDS))
        .isInstanceOf(ExecutionException.class)
        .hasCauseInstanceOf(InterruptedException.class);
    end.countDown();
    assertThat(second.outcome().get(30, TimeUnit.SECONDS)).isTrue();
    assertThat(done).hasValue(1);
  }

  @Test
  void aFailureKeepsItsCode() {
    SharedWork work =
        new SharedWork(
            "work",
            () -> {
              throw new AgentRuntimeException(StandardError.SANDBOX_FAILED, "no room");
            });

    SandboxBench.assertRefused(StandardError.SANDBOX_FAILED, work::await);
    assertThatThrownBy(work::await).hasMessage("no room");
  }

  private void untilEnd() throws InterruptedException {
    assertThat(end.await(30, TimeUnit.SECONDS)).isTrue();
    done.incrementAndGet();
  }

  /** A thread that waits for work, and what came of it. */
  private record Waiter(Thread thread, FutureTask<Boolean> outcome) {
    static Waiter of(SharedWork work) {
      FutureTask<Boolean> outcome =
          new FutureTask<>(
              () -> {
                work.await();
                return true;
              });
      return new Waiter(Thread.ofPlatform().start(outcome), outcome);
    }

    void awaitWaiting() throws Exception {
      SandboxBench.await("somebody waits", () -> thread.getState() == Thread.State.WAITING);
    }
  }
}
