// SPDX-License-Identifier: MIT

package io.agentruntime.persistence.jdbc;

import static org.assertj.core.api.Assertions.assertThat;

import io.agentruntime.model.event.EventEnvelope;
import io.agentruntime.model.session.SessionId;
import io.agentruntime.spi.persistence.AppendBatch;
import io.agentruntime.spi.persistence.AppendResult;
import io.agentruntime.spi.persistence.LeaseEpoch;
import io.agentruntime.spi.persistence.PersistenceAdapter;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.FutureTask;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

final class ManyWritersTest {
  private static final int SESSIONS = 20;
  private static final int ROUNDS = 30;

  private @TempDir Path folder;

  private static long write(PersistenceAdapter adapter, SessionId id, LeaseEpoch epoch)
      throws InterruptedException {
    long last = 0;
    for (int round = 0; round < ROUNDS; round++) {
      AppendResult result =
          adapter.events().append(List.of(TestStore.deltas(id, epoch, last, 3))).getFirst();
      assertThat(result).isEqualTo(new AppendResult.Appended(last + 3));
      last += 3;
      assertThat(adapter.events().last(id)).isEqualTo(last);
    }
    return last;
  }

  /** As when two servers share a file: neither knows of the other's writer. */
  @ParameterizedTest
  @EnumSource(names = "SQLITE")
  void twoServersOnOneFileWaitForEachOther(Engine engine) throws Exception {
    try (TestStore store = TestStore.in(folder, engine);
        ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
      List<PersistenceAdapter> servers = List.of(store.openPatient(), store.openPatient());
      List<Future<Long>> writers = new ArrayList<>();
      for (int i = 0; i < SESSIONS; i++) {
        SessionId id = new SessionId("s" + i);
        PersistenceAdapter server = servers.get(i % 2);
        server.createSessionRecord(TestStore.record(id.value()));
        writers.add(threads.submit(() -> write(server, id, LeaseEpoch.NONE)));
      }
      for (Future<Long> writer : writers) {
        assertThat(writer.get()).isEqualTo(ROUNDS * 3L);
      }
      for (int i = 0; i < SESSIONS; i++) {
        List<EventEnvelope> events =
            servers.get(i % 2).events().read(new SessionId("s" + i), 0, 1000).events();
        assertThat(events.stream().map(EventEnvelope::seq))
            .hasSize(ROUNDS * 3)
            .isSorted()
            .doesNotHaveDuplicates();
      }
    }
  }

  @ParameterizedTest
  @EnumSource(names = {"SQLITE", "H2"})
  void aServerThatLostASessionToAnotherIsFencedWhileItsOtherSessionsGoOn(Engine engine)
      throws InterruptedException {
    try (TestStore store = TestStore.in(folder, engine)) {
      PersistenceAdapter first = store.open();
      PersistenceAdapter second = engine == Engine.SQLITE ? store.open() : first;
      SessionId lost = new SessionId("lost");
      SessionId kept = new SessionId("kept");
      first.createSessionRecord(TestStore.record("lost"));
      first.createSessionRecord(TestStore.record("kept"));
      LeaseEpoch old = own(first, lost, "first", Duration.ZERO);
      LeaseEpoch owned = own(first, kept, "first", Duration.ofHours(1));
      LeaseEpoch newest = own(second, lost, "second", Duration.ofHours(1));
      List<AppendBatch> batches =
          List.of(TestStore.deltas(lost, old, 0, 2), TestStore.deltas(kept, owned, 0, 2));
      assertThat(first.events().append(batches))
          .containsExactly(new AppendResult.Fenced(newest), new AppendResult.Appended(2));
    }
  }

  private static LeaseEpoch own(
      PersistenceAdapter adapter, SessionId id, String owner, Duration duration)
      throws InterruptedException {
    return adapter.leases().acquire(id, owner, duration).orElseThrow().epoch();
  }

  /** With H2, an interrupt in the middle of a write would close the database for all. */
  @ParameterizedTest
  @EnumSource(names = {"SQLITE", "H2"})
  void interruptedCallersLeaveNeitherHolesNorABrokenStore(Engine engine) throws Exception {
    try (TestStore store = TestStore.in(folder, engine)) {
      PersistenceAdapter adapter = store.open();
      for (int round = 0; round < 20; round++) {
        SessionId id = new SessionId("s" + round);
        adapter.createSessionRecord(TestStore.record(id.value()));
        CountDownLatch begun = new CountDownLatch(5);
        Callable<Long> work =
            () -> {
              long last = 0;
              try {
                while (!Thread.currentThread().isInterrupted()) {
                  adapter.events().append(List.of(TestStore.deltas(id, LeaseEpoch.NONE, last, 1)));
                  last++;
                  begun.countDown();
                }
              } catch (InterruptedException e) {
                // Nothing was written, then.
                return last;
              }
              return last;
            };
        FutureTask<Long> task = new FutureTask<>(work);
        Thread writer = Thread.ofVirtual().start(task);
        begun.await();
        writer.interrupt();
        assertThat(task.get()).isEqualTo(adapter.events().last(id));
      }
    }
  }
}
