// SPDX-License-Identifier: MIT

package io.agentruntime.bench;

import java.io.PrintStream;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** From the agent's write of a delta to its receipt at clients. */
final class DeltaLatency implements Bench.Measurement {
  @Override
  public String question() {
    return "How long does a delta take from the agent's write to a client's receipt?";
  }

  @Override
  public Settings defaults() {
    return Settings.of(
        Map.of("runs", 5, "deltas", 2000, "rate", 100, "clients", 0, "sessions", 20));
  }

  /** Sessions, clients of each, deltas a second of each. */
  private record Load(int sessions, int clients, int rate) {}

  @Override
  public void run(Settings settings, Path folder, PrintStream out) throws Exception {
    int rate = settings.get("rate");
    int clients = settings.get("clients");
    List<Load> loads =
        clients > 0
            ? List.of(new Load(1, clients, rate))
            : List.of(
                new Load(1, 1, rate),
                new Load(1, 50, rate),
                new Load(settings.get("sessions"), 1, rate / 2));
    for (Load load : loads) {
      measure(load, settings, folder, out);
    }
  }

  private static void measure(Load load, Settings settings, Path folder, PrintStream out)
      throws Exception {
    int deltas = settings.get("deltas");
    List<Figures> runs = new ArrayList<>();
    try (FakeBackedServer server = FakeBackedServer.start(folder.resolve("data"))) {
      Audience audience = new Audience(server, load.sessions(), load.clients());
      audience.turn(deltas / 2, load.rate());
      for (int run = 0; run < settings.get("runs"); run++) {
        runs.add(audience.turn(deltas, load.rate()));
      }
      audience.close();
    }
    out.printf(
        "%d session(s), %d client(s) each, %d deltas/s each: ms, median of %d runs (range):%n"
            + "  p50 %s  p90 %s  p99 %s  max %s%n",
        load.sessions(),
        load.clients(),
        load.rate(),
        runs.size(),
        Figures.of(runs, run -> run.percentile(50)).spread(),
        Figures.of(runs, run -> run.percentile(90)).spread(),
        Figures.of(runs, run -> run.percentile(99)).spread(),
        Figures.of(runs, Figures::max).spread());
  }
}
