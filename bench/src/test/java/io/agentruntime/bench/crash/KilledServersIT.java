package io.agentruntime.bench.crash;

import static org.assertj.core.api.Assertions.assertThat;

import io.agentruntime.bench.crash.CrashRun.Plan;
import io.agentruntime.testkit.requirement.RequiresClaude;
import io.agentruntime.testkit.requirement.RequiresGemini;
import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** The short form of {@code bench/run crash}: some servers are killed. */
@Timeout(1200)
class KilledServersIT {
  @Test
  @RequiresClaude
  void nothingIsLostOrDoneTwiceWhenEightServersAreKilled(@TempDir Path folder) throws Exception {
    assertClean(Agent.CLAUDE, 8, folder);
  }

  @Test
  @RequiresGemini
  void nothingIsLostOrDoneTwiceWithGeminiWhenFourServersAreKilled(@TempDir Path folder)
      throws Exception {
    assertClean(Agent.GEMINI, 4, folder);
  }

  private static void assertClean(Agent agent, int kills, Path folder) throws Exception {
    Plan plan = new Plan(agent, 4711, kills, 3, Duration.ofSeconds(6), Duration.ofSeconds(60));
    ByteArrayOutputStream report = new ByteArrayOutputStream();
    boolean clean;
    try (PrintStream out = new PrintStream(report, true, StandardCharsets.UTF_8)) {
      clean = CrashRuns.once(plan, false, false, folder, out);
    }
    String text = report.toString(StandardCharsets.UTF_8);
    System.out.println(text);
    assertThat(clean).as(text).isTrue();
  }
}
