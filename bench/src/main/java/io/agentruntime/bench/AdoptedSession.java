package io.agentruntime.bench;

import io.agentruntime.model.session.SessionId;
import io.agentruntime.model.session.SessionRecord;
import io.agentruntime.spi.persistence.LeaseEpoch;
import io.agentruntime.spi.persistence.TranscriptWrite;
import io.agentruntime.testkit.persistence.NineOperationsAdapter;
import java.io.PrintStream;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;

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
    int seconds = settings.get("seconds");
    int deltas = seconds * RATE;
    NineOperationsAdapter store = new NineOperationsAdapter();
    SessionId adopted = adopt(store, settings.get("megabytes") << 20);
    try (FakeBackedServer server =
            FakeBackedServer.start(
                folder.resolve("data"),
                Map.of("AGENT_RUNTIME_PERSISTENCE", store.id()),
                List.of(store));
        Audience audience = new Audience(server, 1, 1)) {
      audience.turn(deltas, RATE);
      Figures loads = new Figures();
      Figures replies = new Figures();
      Figures sizes = new Figures();
      Figures alone = new Figures();
      Figures during = new Figures();
      Figures worst = new Figures();
      for (int run = 0; run < settings.get("runs"); run++) {
        alone.add(audience.turn(deltas, RATE).percentile(99));

        audience.begin(deltas, RATE);
        LockSupport.parkNanos(TimeUnit.SECONDS.toNanos(1));
        long start = System.nanoTime();
        server.runtime().sessions().get(adopted);
        long loaded = System.nanoTime();
        sizes.add(server.rest().get(adopted.value()).length() / (double) (1 << 20));
        long replied = System.nanoTime();
        loads.add((loaded - start) / 1e6);
        replies.add((replied - loaded) / 1e6);
        Figures millis = audience.stamps().getFirst().await(deltas).millis(start, replied);
        during.add(millis.percentile(99));
        worst.add(millis.max());
        server.rest().unload(adopted.value());
      }
      out.printf("load: ms %s%n", loads.spread());
      out.printf("GET of the loaded session: ms %s, MB %s%n", replies.spread(), sizes.spread());
      out.printf("another session's deltas, p99 ms: alone %s%n", alone.spread());
      out.printf("  while loading and replying %s, worst %s%n", during.spread(), worst.spread());
    }
  }

  private static SessionId adopt(NineOperationsAdapter store, int bytes) {
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
    store.saveTranscript(
        new TranscriptWrite(id, LeaseEpoch.NONE, TranscriptSample.text(bytes), null));
    return id;
  }
}
