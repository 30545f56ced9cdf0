// SPDX-License-Identifier: MIT

package io.agentruntime.bench;

import io.agentruntime.core.event.Draft;
import io.agentruntime.core.event.EventLog;
import io.agentruntime.core.event.LogState;
import io.agentruntime.core.event.SessionLog;
import io.agentruntime.model.block.BlockId;
import io.agentruntime.model.conversation.ConversationId;
import io.agentruntime.model.event.DeltaField;
import io.agentruntime.model.event.EventEnvelope;
import io.agentruntime.model.event.SessionEvent;
import io.agentruntime.model.session.SessionId;
import io.agentruntime.model.session.SessionRecord;
import io.agentruntime.model.turn.TurnId;
import io.agentruntime.spi.persistence.LeaseEpoch;
import io.agentruntime.spi.persistence.PersistenceAdapter;
import io.agentruntime.testkit.TestProviderContext;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.ServiceLoader;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.locks.LockSupport;

/** How long an event waits for the store before anybody may see it, while many sessions stream. */
final class StoreDelay implements Bench.Measurement {
  private static final int SYNCS = 500;

  /** No state: what a delta changes is not what is measured. */
  private static final LogState NOTHING =
      new LogState() {
        @Override
        public void apply(EventEnvelope envelope) {
          // Nothing is folded.
        }

        @Override
        public int openMessages() {
          return 1;
        }
      };

  @Override
  public String question() {
    return "How long from a decoded delta to its commit in SQLite, while many sessions stream?";
  }

  @Override
  public Settings defaults() {
    return Settings.of(Map.of("sessions", 20, "rate", 50, "seconds", 10, "runs", 5));
  }

  @Override
  public void run(Settings settings, Path folder, PrintStream out) throws Exception {
    Figures syncs = syncs(folder.resolve("probe"));
    out.printf(
        "this disk, 4 KiB appended and synced: ms p50 %.2f, p99 %.2f%n",
        syncs.percentile(50), syncs.percentile(99));
    measure(settings, 2, folder, "warm-up.db");
    Figures p50 = new Figures();
    Figures p99 = new Figures();
    Figures most = new Figures();
    for (int run = 0; run < settings.get("runs"); run++) {
      Figures delays = measure(settings, settings.get("seconds"), folder, "run" + run + ".db");
      p50.add(delays.percentile(50));
      p99.add(delays.percentile(99));
      most.add(delays.max());
    }
    out.printf(
        "%d sessions x %d deltas/s: ms p50 %s, p99 %s, max %s%n",
        settings.get("sessions"), settings.get("rate"), p50.spread(), p99.spread(), most.spread());
  }

  private static Figures syncs(Path file) throws IOException {
    Figures figures = new Figures();
    try (FileChannel channel =
        FileChannel.open(file, StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE)) {
      ByteBuffer page = ByteBuffer.allocate(4096);
      for (int i = 0; i < SYNCS; i++) {
        long start = System.nanoTime();
        channel.write(page.clear());
        channel.force(false);
        figures.add((System.nanoTime() - start) / 1e6);
      }
    }
    return figures;
  }

  private static Figures measure(Settings settings, int seconds, Path folder, String file)
      throws Exception {
    int sessions = settings.get("sessions");
    int each = settings.get("rate") * seconds;
    long interval = Duration.ofSeconds(1).toNanos() / settings.get("rate");
    Figures delays = new Figures();
    CountDownLatch stored = new CountDownLatch(sessions * each);
    try (PersistenceAdapter adapter = open(folder, file);
        EventLog log = new EventLog(adapter, InstantSource.system())) {
      List<Thread> streams = new ArrayList<>();
      long start = System.nanoTime() + Duration.ofMillis(100).toNanos();
      for (int i = 0; i < sessions; i++) {
        SessionId id = new SessionId("stream-" + i);
        adapter.createSessionRecord(
            new SessionRecord(
                id, "scripted", "default", Map.of(), Instant.now(), null, null, Map.of(), null));
        SessionLog session = log.open(id, LeaseEpoch.NONE, NOTHING, 0);
        long first = start + interval * i / sessions;
        streams.add(
            Thread.ofVirtual()
                .start(
                    () -> {
                      for (int n = 0; n < each; n++) {
                        awaitTime(first + interval * n);
                        long decoded = System.nanoTime();
                        session.append(List.of(delta(n)));
                        session.whenCommitted(
                            () -> {
                              delays.add((System.nanoTime() - decoded) / 1e6);
                              stored.countDown();
                            });
                      }
                    }));
      }
      for (Thread stream : streams) {
        stream.join();
      }
      stored.await();
    }
    return delays;
  }

  private static void awaitTime(long nanos) {
    for (long left = nanos - System.nanoTime(); left > 0; left = nanos - System.nanoTime()) {
      LockSupport.parkNanos(left);
    }
  }

  private static Draft delta(int index) {
    return new Draft(
        ConversationId.MAIN,
        new TurnId("turn"),
        index,
        new SessionEvent.BlockDelta(new BlockId("block"), DeltaField.TEXT, "a few words more "));
  }

  private static PersistenceAdapter open(Path folder, String file) throws InterruptedException {
    PersistenceAdapter adapter =
        ServiceLoader.load(PersistenceAdapter.class).stream()
            .map(ServiceLoader.Provider::get)
            .filter(found -> found.id().equals("jdbc"))
            .findFirst()
            .orElseThrow();
    adapter.open(
        new TestProviderContext(
            "bench",
            folder,
            InstantSource.system(),
            Map.of("url", "jdbc:sqlite:" + folder.resolve(file))));
    return adapter;
  }
}
