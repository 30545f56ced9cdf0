// SPDX-License-Identifier: MIT

package io.agentruntime.bench;

import io.agentruntime.model.session.SessionId;
import io.agentruntime.model.session.SessionRecord;
import io.agentruntime.spi.persistence.PersistenceAdapter;
import io.agentruntime.testkit.TestProviderContext;
import java.io.PrintStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.ServiceLoader;
import java.util.UUID;
import java.util.concurrent.TimeUnit;

/** What sessions cost that are stored and that nobody asks for. */
final class StoredSessions implements Bench.Measurement {
  private static final int PAGE = 50;
  private static final int WARM_UP = 200;

  @Override
  public String question() {
    return "How long do a page of the list and the start take with many sessions in SQLite?";
  }

  @Override
  public Settings defaults() {
    return Settings.of(Map.of("sessions", 10_000, "requests", 1000, "runs", 5));
  }

  @Override
  public void run(Settings settings, Path folder, PrintStream out) throws Exception {
    Path none = store(folder.resolve("none"), 0);
    Path many = store(folder.resolve("many"), settings.get("sessions"));
    start(folder.resolve("warm-up"), many);
    Figures withNone = new Figures();
    Figures withMany = new Figures();
    for (int run = 0; run < settings.get("runs"); run++) {
      withNone.add(start(folder.resolve("none" + run), none));
      withMany.add(start(folder.resolve("many" + run), many));
    }
    out.printf("start, no session stored:         ms %s%n", withNone.spread());
    out.printf(
        "start, %,d sessions stored:    ms %s%n", settings.get("sessions"), withMany.spread());
    list(settings.get("requests"), folder.resolve("list"), many, out);
  }

  /** A database with so many sessions, as earlier servers would have left it. */
  private static Path store(Path folder, int count) throws Exception {
    Path file = Files.createDirectories(folder).resolve("store.db");
    PersistenceAdapter adapter =
        ServiceLoader.load(PersistenceAdapter.class).stream()
            .map(ServiceLoader.Provider::get)
            .filter(found -> found.id().equals("jdbc"))
            .findFirst()
            .orElseThrow();
    try (adapter) {
      adapter.open(
          new TestProviderContext(
              "bench", folder, InstantSource.system(), Map.of("url", "jdbc:sqlite:" + file)));
      Instant begin = Instant.now().minusSeconds(count);
      for (int i = 0; i < count; i++) {
        adapter.createSessionRecord(
            new SessionRecord(
                new SessionId(UUID.randomUUID().toString()),
                "scripted",
                "default",
                Map.of("model", "claude-haiku-4-5"),
                begin.plusSeconds(i),
                begin.plusSeconds(i),
                "Session number " + i,
                Map.of("owner", "user-" + i % 100),
                null));
      }
    }
    return file;
  }

  private static FakeBackedServer server(Path folder, Path store) throws InterruptedException {
    return FakeBackedServer.start(
        folder,
        Map.of(
            "AGENT_RUNTIME_PERSISTENCE",
            "jdbc",
            "AGENT_RUNTIME_PERSISTENCE_JDBC_URL",
            "jdbc:sqlite:" + store),
        List.of());
  }

  /** Milliseconds from nothing until the server answers. */
  private static double start(Path folder, Path store) throws Exception {
    long begin = System.nanoTime();
    try (FakeBackedServer server = server(folder, store)) {
      server.rest().sessions(1);
      return (System.nanoTime() - begin) / 1e6;
    }
  }

  private static void list(int requests, Path folder, Path store, PrintStream out)
      throws Exception {
    try (FakeBackedServer server = server(folder, store)) {
      Figures millis = new Figures();
      for (int i = -WARM_UP; i < requests; i++) {
        long begin = System.nanoTime();
        server.rest().sessions(PAGE);
        if (i >= 0) {
          millis.add((System.nanoTime() - begin) / (double) TimeUnit.MILLISECONDS.toNanos(1));
        }
      }
      out.printf(
          "GET /sessions?limit=%d: ms p50 %.2f  p99 %.2f  max %.2f; sessions loaded by it: %d%n",
          PAGE,
          millis.percentile(50),
          millis.percentile(99),
          millis.max(),
          server.runtime().sessions().loaded().size());
    }
  }
}
