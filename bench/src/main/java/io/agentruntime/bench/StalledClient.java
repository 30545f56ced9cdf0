// SPDX-License-Identifier: MIT

package io.agentruntime.bench;

import java.io.PrintStream;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicInteger;

/** What a client costs that stops reading, and whether others notice. */
final class StalledClient implements Bench.Measurement {
  private static final int HEALTHY = 3;

  @Override
  public String question() {
    return "What does a client cost that stops reading, and does it slow the others?";
  }

  @Override
  public Settings defaults() {
    return Settings.of(Map.of("bursts", 10, "deltas", 20_000, "rate", 5000, "runs", 3));
  }

  /** The state after each burst. */
  private record Run(
      List<Double> heap,
      List<Double> direct,
      Figures p50,
      Figures p99,
      double seconds,
      String sleeper) {}

  @Override
  public void run(Settings settings, Path folder, PrintStream out) throws Exception {
    int runs = settings.get("runs");
    play(settings, folder.resolve("warm"), false);
    Figures extra = new Figures();
    for (int run = 0; run < runs; run++) {
      Run without = play(settings, folder.resolve("without" + run), false);
      Run with = play(settings, folder.resolve("with" + run), true);
      Figures heap = new Figures();
      Figures direct = new Figures();
      for (int i = 0; i < with.heap().size(); i++) {
        heap.add(with.heap().get(i) - without.heap().get(i));
        direct.add(with.direct().get(i) - without.direct().get(i));
      }
      extra.add(heap.max() + Math.max(0, direct.max()));
      out.printf(
          "run %d: MB more than without it, after each burst: heap %s, direct %s; %s%n",
          run + 1, heap.spread(), direct.spread(), with.sleeper());
      say(out, "without", without);
      say(out, "with", with);
    }
    out.printf("most that it cost, heap and direct: MB %s%n", extra.spread());
  }

  private static void say(PrintStream out, String what, Run run) {
    out.printf(
        "  %-8s the others' ms: p50 %s  p99 %s; %.1f s in all%n",
        what, run.p50().spread(), run.p99().spread(), run.seconds());
  }

  private static Run play(Settings settings, Path folder, boolean stalled) throws Exception {
    int deltas = settings.get("deltas");
    try (FakeBackedServer server = FakeBackedServer.start(folder);
        Audience audience = new Audience(server, 1, HEALTHY)) {
      audience.turn(1000, 0);
      Sleeper sleeper = stalled ? new Sleeper(server, audience.sessions().getFirst()) : null;
      double heapBefore = Heap.megabytes();
      double directBefore = Heap.directMegabytes();
      List<Double> heap = new ArrayList<>();
      List<Double> direct = new ArrayList<>();
      Figures p50 = new Figures();
      Figures p99 = new Figures();
      double seconds = 0;
      for (int burst = 0; burst < settings.get("bursts"); burst++) {
        long start = System.nanoTime();
        Figures millis = audience.turn(deltas, settings.get("rate"));
        seconds += (System.nanoTime() - start) / 1e9;
        p50.add(millis.percentile(50));
        p99.add(millis.percentile(99));
        heap.add(Heap.megabytes() - heapBefore);
        direct.add(Heap.directMegabytes() - directBefore);
      }
      return new Run(heap, direct, p50, p99, seconds, sleeper == null ? "" : sleeper.wakeUp());
    }
  }

  /** A client that reads nothing until the end. */
  private static final class Sleeper {
    private final AtomicInteger events = new AtomicInteger();
    private final SocketIoClient client;

    Sleeper(FakeBackedServer server, String session) throws Exception {
      client = server.connect(event -> events.incrementAndGet());
      client.join(session);
      client.stopReading();
    }

    /** Reads what is left and says how it ended. */
    String wakeUp() throws Exception {
      client.readOn();
      try {
        return "it was closed with " + client.closed().get(10, TimeUnit.SECONDS) + after();
      } catch (ExecutionException e) {
        return "it was cut off: " + e.getCause() + after();
      } catch (TimeoutException e) {
        return "it was not cut off" + after();
      } finally {
        client.close();
      }
    }

    private String after() {
      return " after " + events.get() + " packets";
    }
  }
}
