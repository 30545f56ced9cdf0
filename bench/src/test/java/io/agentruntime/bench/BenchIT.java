// SPDX-License-Identifier: MIT

package io.agentruntime.bench;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.junit.jupiter.api.Test;

/** That the measurements can still be taken; what they find is never asserted. */
class BenchIT {
  private static String run(String... arguments) throws Exception {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    Bench.run(List.of(arguments), new PrintStream(bytes, true, StandardCharsets.UTF_8));
    return bytes.toString(StandardCharsets.UTF_8);
  }

  @Test
  void everyDeltaOfAShortRunIsTimed() throws Exception {
    assertThat(run("latency", "runs=1", "deltas=20", "rate=200", "clients=2"))
        .contains("1 session(s), 2 client(s) each")
        .contains("p99");
  }

  @Test
  void theDelayOfTheStoreIsMeasured() throws Exception {
    assertThat(run("store-delay", "sessions=3", "rate=20", "seconds=1", "runs=1"))
        .contains("4 KiB appended and synced")
        .contains("3 sessions x 20 deltas/s: ms p50");
  }

  @Test
  void storedSessionsAreListedWithoutBeingLoaded() throws Exception {
    assertThat(run("stored", "sessions=60", "requests=5", "runs=1"))
        .contains("60 sessions stored")
        .contains("sessions loaded by it: 0");
  }

  @Test
  void manySessionsDoATurnEachInBothStores() throws Exception {
    assertThat(run("many", "sessions=5", "rounds=1"))
        .contains("memory: 5 sessions in")
        .contains("jdbc: 5 sessions in");
  }

  @Test
  void anUnknownMeasurementIsAnsweredWithAllOfThem() throws Exception {
    assertThat(run("nonsense")).contains("latency", "turns", "stalled", "idle", "adopt");
    assertThat(run("latency", "nonsense=1")).contains("nonsense");
  }

  @Test
  void percentilesAreValuesThatWereSeen() {
    Figures figures = new Figures();
    for (int i = 1; i <= 200; i++) {
      figures.add(i);
    }
    assertThat(figures.percentile(99)).isEqualTo(198);
    assertThat(figures.percentile(50)).isEqualTo(100);
    assertThat(figures.median()).isEqualTo(100.5);
    assertThat(figures.max()).isEqualTo(200);
  }
}
