// SPDX-License-Identifier: MIT

package io.agentruntime.bench;

import io.agentruntime.model.session.SessionId;
import io.agentruntime.model.session.SessionRecord;
import io.agentruntime.spi.persistence.LeaseEpoch;
import io.agentruntime.spi.persistence.TranscriptWrite;
import io.agentruntime.testkit.persistence.NineOperationsAdapter;
import java.io.PrintStream;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Function;

/** What others notice while a session with a long transcript is loaded from a plain store. */
final class AdoptedSession implements Bench.Measurement {
  private static final int RATE = 100;

  @Override
  public String question() {
    return "Does loading a session with a long transcript from a nine-operations store stall"
        + " others?";
  }

  @Override
  public Settings defaults() {
    return Settings.of(Map.of("megabytes", 50, "runs", 5, "seconds", 10));
  }

  @Override
  public void run(Settings settings, Path folder, PrintStream out) throws Exception {
    String transcript = TranscriptSample.text(settings.get("megabytes") << 20);
    List<Run> runs = new ArrayList<>();
    for (int run = -1; run < settings.get("runs"); run++) {
      Run taken = once(transcript, settings.get("seconds"), folder.resolve("data" + run));
      if (run >= 0) {
        runs.add(taken);
      }
    }
    out.printf("load: ms %s%n", Figures.of(runs, Run::load).spread());
    out.printf(
        "GET of the loaded session: ms %s, MB %s%n",
        Figures.of(runs, Run::reply).spread(), Figures.of(runs, Run::megabytes).spread());
    say(out, "alone", runs, Run::alone);
    say(out, "while it is loaded", runs, Run::whileLoading);
    say(out, "while it is replied", runs, Run::whileReplying);
  }

  private static void say(
      PrintStream out, String when, List<Run> runs, Function<Run, Figures> figures) {
    out.printf(
        "another session's deltas, ms, %-20s p50 %s  p99 %s  max %s%n",
        when + ":",
        Figures.of(runs, run -> figures.apply(run).percentile(50)).spread(),
        Figures.of(runs, run -> figures.apply(run).percentile(99)).spread(),
        Figures.of(runs, run -> figures.apply(run).max()).spread());
  }

  /** Milliseconds for loading and replying, and the other session's latencies. */
  private record Run(
      double load,
      double reply,
      double megabytes,
      Figures alone,
      Figures whileLoading,
      Figures whileReplying) {}

  /** A server that has never seen the session. */
  private static Run once(String transcript, int seconds, Path folder) throws Exception {
    int deltas = seconds * RATE;
    NineOperationsAdapter store = new NineOperationsAdapter();
    SessionId adopted = adopt(store, transcript);
    try (FakeBackedServer server =
            FakeBackedServer.start(
                folder, Map.of("AGENT_RUNTIME_PERSISTENCE", store.id()), List.of(store));
        Audience audience = new Audience(server, 1, 1)) {
      audience.turn(deltas, RATE);
      Figures alone = audience.turn(deltas, RATE);

      audience.begin(deltas, RATE);
      LockSupport.parkNanos(TimeUnit.SECONDS.toNanos(1));
      long start = System.nanoTime();
      server.runtime().sessions().get(adopted);
      long loaded = System.nanoTime();
      LockSupport.parkNanos(TimeUnit.SECONDS.toNanos(1));
      long asked = System.nanoTime();
      double megabytes = server.rest().get(adopted.value()).length() / (double) (1 << 20);
      long replied = System.nanoTime();
      Stamps.Turn turn = audience.stamps().getFirst().await(deltas);
      return new Run(
          (loaded - start) / 1e6,
          (replied - asked) / 1e6,
          megabytes,
          alone,
          turn.millis(start, loaded),
          turn.millis(asked, replied));
    }
  }

  private static SessionId adopt(NineOperationsAdapter store, String transcript) {
    SessionId id = new SessionId("0b2a5f0e-3a52-4c3a-9d3b-50a0d0c0ffee");
    store.createSessionRecord(
        new SessionRecord(
            id,
            "claude-agent-sdk",
            "default",
            Map.of(),
            Instant.now(),
            null,
            null,
            Map.of(),
            null));
    store.saveTranscript(new TranscriptWrite(id, LeaseEpoch.NONE, transcript, null));
    return id;
  }
}
