// SPDX-License-Identifier: MIT

package io.agentruntime.persistence.jdbc;

import io.agentruntime.model.session.SessionId;
import io.agentruntime.model.session.SessionRecord;
import io.agentruntime.model.workspace.Content;
import io.agentruntime.model.workspace.ContentHash;
import io.agentruntime.spi.persistence.AppendBatch;
import io.agentruntime.spi.persistence.LeaseEpoch;
import io.agentruntime.spi.persistence.PersistenceAdapter;
import io.agentruntime.spi.persistence.SessionPage;
import io.agentruntime.spi.persistence.SessionQuery;
import io.agentruntime.spi.persistence.TranscriptChunk;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;

/**
 * A program that measures a store: {@code [sqlite|h2|URL username password]}, in a folder of {@code
 * java.io.tmpdir}.
 */
final class StoreBench {
  private static final int SESSIONS = 20;

  private final PersistenceAdapter adapter;

  private StoreBench(PersistenceAdapter adapter) {
    this.adapter = adapter;
  }

  /** Something to measure. */
  @FunctionalInterface
  private interface Step {
    void run(int round) throws Exception;
  }

  public static void main(String[] args) throws Exception {
    Path folder = Files.createTempDirectory("store-bench");
    String kind = args.length == 0 ? "sqlite" : args[0];
    try (TestStore store =
        switch (kind) {
          case "sqlite" -> TestStore.in(folder, Engine.SQLITE);
          case "h2" -> TestStore.in(folder, Engine.H2);
          default ->
              TestStore.on(folder, Map.of("url", kind, "username", args[1], "password", args[2]));
        }) {
      StoreBench bench = new StoreBench(store.open());
      System.out.println(kind + " in " + folder);
      bench.stream(50, Duration.ofSeconds(10));
      bench.append(1, 1, 3000);
      bench.append(1, 20, 2000);
      bench.append(1, 100, 1000);
      bench.append(SESSIONS, 1, 2000);
      bench.append(SESSIONS, 5, 1000);
      bench.transcript();
      bench.contents();
      bench.pages(100_000);
    }
  }

  private static void report(String what, int rounds, int eventsPerRound, Step step)
      throws Exception {
    long[] nanos = new long[rounds];
    for (int round = 0; round < rounds; round++) {
      long start = System.nanoTime();
      step.run(round);
      nanos[round] = System.nanoTime() - start;
    }
    long total = Arrays.stream(nanos).sum();
    Arrays.sort(nanos);
    System.out.printf(
        Locale.ROOT,
        "%-44s p50 %8.2f ms  p99 %8.2f ms  max %8.2f ms%s%n",
        what,
        nanos[rounds / 2] / 1e6,
        nanos[(int) (rounds * 0.99)] / 1e6,
        nanos[rounds - 1] / 1e6,
        eventsPerRound == 0
            ? ""
            : String.format(
                Locale.ROOT, "  %8.0f events/s", rounds * eventsPerRound / (total / 1e9)));
  }

  /**
   * Each session has an event at even intervals; one writer stores all that are due, as the runtime
   * does. Measured is from when an event is due until it is stored.
   */
  private void stream(int eventsPerSecond, Duration time) throws InterruptedException {
    long interval = 1_000_000_000L / eventsPerSecond;
    int perSession = (int) (time.toNanos() / interval);
    List<SessionId> ids = new ArrayList<>();
    for (int i = 0; i < SESSIONS; i++) {
      SessionId id = new SessionId("stream-" + i);
      adapter.createSessionRecord(TestStore.record(id.value()));
      ids.add(id);
    }
    int[] stored = new int[SESSIONS];
    long[] delays = new long[SESSIONS * perSession];
    int count = 0;
    int appends = 0;
    long start = System.nanoTime();
    while (count < delays.length) {
      List<AppendBatch> batches = new ArrayList<>();
      List<Long> due = new ArrayList<>();
      long next = Long.MAX_VALUE;
      long now = System.nanoTime() - start;
      for (int i = 0; i < SESSIONS; i++) {
        long first = interval * i / SESSIONS;
        int events = 0;
        while (stored[i] + events < perSession && first + interval * (stored[i] + events) <= now) {
          due.add(first + interval * (stored[i] + events));
          events++;
        }
        if (events > 0) {
          batches.add(TestStore.deltas(ids.get(i), LeaseEpoch.NONE, stored[i], events));
          stored[i] += events;
        }
        if (stored[i] < perSession) {
          next = Math.min(next, first + interval * stored[i]);
        }
      }
      if (batches.isEmpty()) {
        LockSupport.parkNanos(next - now);
      } else {
        adapter.events().append(batches);
        appends++;
        long end = System.nanoTime() - start;
        for (long at : due) {
          delays[count++] = end - at;
        }
      }
    }
    Arrays.sort(delays);
    System.out.printf(
        Locale.ROOT,
        "%d sessions x %d events/s: stored after         p50 %8.2f ms  p99 %8.2f ms  max %8.2f ms"
            + "  in %d appends%n",
        SESSIONS,
        eventsPerSecond,
        delays[count / 2] / 1e6,
        delays[(int) (count * 0.99)] / 1e6,
        delays[count - 1] / 1e6,
        appends);
  }

  private void append(int sessions, int events, int rounds) throws Exception {
    List<SessionId> ids = new ArrayList<>();
    for (int i = 0; i < sessions; i++) {
      SessionId id = new SessionId("append-" + sessions + "-" + events + "-" + i);
      adapter.createSessionRecord(TestStore.record(id.value()));
      ids.add(id);
    }
    report(
        "append " + sessions + " sessions x " + events + " events",
        rounds,
        sessions * events,
        round -> {
          List<AppendBatch> batches = new ArrayList<>();
          for (SessionId id : ids) {
            batches.add(TestStore.deltas(id, LeaseEpoch.NONE, (long) round * events, events));
          }
          adapter.events().append(batches);
        });
    report(
        "read 500 events",
        200,
        500,
        round -> adapter.events().read(ids.getFirst(), round % Math.max(1, rounds - 500), 500));
  }

  private void transcript() throws Exception {
    SessionId id = new SessionId("transcript");
    adapter.createSessionRecord(TestStore.record("transcript"));
    long size = 50L << 20;
    report(
        "transcript, 50 MiB at once",
        1,
        0,
        round ->
            adapter
                .transcripts()
                .write(new TranscriptChunk(id, LeaseEpoch.NONE, "t", 0, new byte[(int) size])));
    report(
        "transcript, 1 KiB more at its end",
        1000,
        0,
        round ->
            adapter
                .transcripts()
                .write(
                    new TranscriptChunk(
                        id, LeaseEpoch.NONE, "t", size + 1024L * round, new byte[1024])));
    report(
        "transcript, 51 MiB read",
        5,
        0,
        round -> {
          try (var in = adapter.transcripts().open(id, "t", 0)) {
            in.transferTo(OutputStream.nullOutputStream());
          }
        });
  }

  private void contents() throws Exception {
    SessionId id = new SessionId("contents");
    adapter.createSessionRecord(TestStore.record("contents"));
    byte[] large = new byte[50 << 20];
    report(
        "content of 50 MiB",
        3,
        0,
        round -> {
          large[0] = (byte) round;
          adapter.workspaces().put(id, ContentHash.of(large), Content.of(large));
        });
    report(
        "content of 4 KiB",
        500,
        0,
        round -> {
          byte[] small = new byte[4096];
          small[0] = (byte) round;
          small[1] = (byte) (round >> 8);
          adapter.workspaces().put(id, ContentHash.of(small), Content.of(small));
        });
    report("session deleted, 150 MiB of contents", 1, 0, round -> adapter.deleteSession(id));
  }

  private void pages(int sessions) throws Exception {
    Instant start = Instant.parse("2026-01-01T00:00:00Z");
    report(
        "session created",
        sessions,
        1,
        round ->
            adapter.createSessionRecord(
                new SessionRecord(
                    new SessionId("page-" + round),
                    round % 10 == 0 ? "opencode" : "claude-agent-sdk",
                    "profile-" + round % 100,
                    Map.of("model", "x"),
                    start.plus(Duration.ofSeconds(round)),
                    null,
                    "Session number " + round,
                    Map.of(),
                    null)));
    page("first page of 50", null, null, null);
    page("first page of 50 of one profile", null, "profile-7", null);
    page("first page of 50 of one architecture", "opencode", null, null);
    page("first page of 50 whose names hold a text", null, null, "number 5");
    String[] cursor = new String[1];
    report(
        "next page of 50",
        1000,
        0,
        round -> {
          SessionPage page = adapter.query(new SessionQuery(null, null, null, 50, cursor[0]));
          cursor[0] = page.nextCursor();
        });
  }

  private void page(
      String what, @Nullable String architecture, @Nullable String profile, @Nullable String name)
      throws Exception {
    report(
        what,
        500,
        0,
        round -> adapter.query(new SessionQuery(architecture, profile, name, 50, null)));
  }
}
