// SPDX-License-Identifier: MIT

package io.agentruntime.core;

import static io.agentruntime.core.RuntimeFixture.only;
import static io.agentruntime.core.RuntimeFixture.until;
import static io.agentruntime.core.RuntimeFixture.untilTurnEnds;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.agentruntime.core.session.MessageRequest;
import io.agentruntime.core.session.Session;
import io.agentruntime.error.AgentRuntimeException;
import io.agentruntime.error.StandardError;
import io.agentruntime.model.event.SessionEvent;
import io.agentruntime.persistence.memory.InMemoryPersistenceAdapter;
import io.agentruntime.testkit.architecture.ScriptedArchitecture;
import io.agentruntime.testkit.persistence.FaultyPersistence;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Ends: of sessions that do not listen, that are being loaded, that are removed while in use. */
class SessionEndTest {
  @TempDir Path folder;

  @Test
  @Timeout(60)
  void anAgentThatListensToNothingIsEndedWithinTheDeadlineAndItsWorkIsStored() throws Exception {
    RuntimeFixture fixture =
        RuntimeFixture.start(
            folder,
            config ->
                config.interruptGrace(Duration.ofMinutes(5)).shutdownTimeout(Duration.ofSeconds(8)),
            new ScriptedArchitecture(),
            List.of());
    Session session = fixture.create();
    session.send(MessageRequest.text("write kept.txt yes then deaf"));
    until(session, event -> event instanceof SessionEvent.FileCreated);

    fixture.close();

    assertThat(only(untilTurnEnds(session, 1), SessionEvent.TurnInterrupted.class)).hasSize(1);
  }

  @Test
  void whoAsksForASessionThatIsBeingRemovedIsToldThatThereIsNone() throws Exception {
    try (RuntimeFixture fixture = RuntimeFixture.start(folder)) {
      for (int i = 0; i < 30; i++) {
        Session session = fixture.create();
        CountDownLatch go = new CountDownLatch(1);
        ConcurrentLinkedQueue<Object> seen = new ConcurrentLinkedQueue<>();
        List<Thread> readers = new ArrayList<>();
        for (int n = 0; n < 4; n++) {
          readers.add(
              Thread.ofVirtual()
                  .start(
                      () -> {
                        try {
                          go.await();
                          fixture.runtime().sessions().get(session.id());
                        } catch (AgentRuntimeException e) {
                          seen.add(e.code());
                        } catch (InterruptedException e) {
                          Thread.currentThread().interrupt();
                        }
                      }));
        }
        go.countDown();
        fixture.runtime().sessions().purge(session.id());
        for (Thread reader : readers) {
          reader.join();
        }

        assertThat(seen).allMatch(StandardError.SESSION_NOT_FOUND::equals);
        assertThat(fixture.runtime().sessions().loaded(session.id())).isEmpty();
        assertThatThrownBy(() -> fixture.runtime().sessions().purge(session.id()))
            .isInstanceOfSatisfying(
                AgentRuntimeException.class,
                e -> assertThat(e.code()).isEqualTo(StandardError.SESSION_NOT_FOUND));
      }
    }
  }

  @Test
  void aSessionThatIsStillBeingLoadedIsEndedByTheShutdownToo() throws Exception {
    FaultyPersistence store = new FaultyPersistence(new InMemoryPersistenceAdapter());
    RuntimeFixture fixture =
        RuntimeFixture.start(
            folder,
            config -> config.persistence(store.id()),
            new ScriptedArchitecture(),
            List.of(store));
    Session session = fixture.create();
    fixture.runtime().sessions().unload(session.id());
    store.hangReads();
    CompletableFuture<Session> loading = new CompletableFuture<>();
    Thread loader =
        Thread.ofVirtual()
            .start(
                () -> {
                  try {
                    loading.complete(fixture.runtime().sessions().get(session.id()));
                  } catch (InterruptedException | RuntimeException e) {
                    loading.completeExceptionally(e);
                  }
                });
    Thread closing = Thread.ofVirtual().start(fixture::close);
    while (!fixture.runtime().isStopping()) {
      Thread.onSpinWait();
    }
    store.heal();
    loader.join();

    assertThat(closing.join(Duration.ofSeconds(30))).isTrue();
    assertThat(loading).satisfies(future -> assertThat(future.isDone()).isTrue());
    assertThat(fixture.runtime().sessions().loaded()).isEmpty();
    assertThat(loading.orTimeout(1, TimeUnit.SECONDS)).isDone();
  }
}
