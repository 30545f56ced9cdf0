// SPDX-License-Identifier: MIT

package io.agentruntime.bench.crash;

import static org.assertj.core.api.Assertions.assertThat;

import io.agentruntime.bench.crash.CrashRun.Part;
import io.agentruntime.bench.crash.CrashRun.Plan;
import io.agentruntime.bench.crash.Script.Kind;
import io.agentruntime.testkit.requirement.RequiresClaude;
import io.agentruntime.testkit.requirement.RequiresGemini;
import io.agentruntime.testkit.requirement.RequiresOpenCode;
import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** The short form of {@code bench/run crash}: some servers are killed. */
@Timeout(1200)
class KilledServersIT {
  /** Each kind of script, and each program with different ones; all of them are for bench/run. */
  private static final List<Part> PARTS =
      List.of(
          new Part(Agent.CLAUDE, Kind.QUEUE),
          new Part(Agent.GEMINI, Kind.SUBAGENT),
          new Part(Agent.OPENCODE, Kind.PERMISSION),
          new Part(Agent.CLAUDE, Kind.STEER),
          new Part(Agent.GEMINI, Kind.TOOLS),
          new Part(Agent.OPENCODE, Kind.SUBAGENT),
          new Part(Agent.CLAUDE, Kind.INTERRUPT),
          new Part(Agent.GEMINI, Kind.PERMISSION),
          new Part(Agent.CLAUDE, Kind.TOOLS));

  @Test
  @RequiresClaude
  @RequiresGemini
  @RequiresOpenCode
  void nothingIsLostOrDoneTwiceWhenServersAreKilled(@TempDir Path folder) throws Exception {
    Plan plan = new Plan(PARTS, 4711, 10, 3, Duration.ofSeconds(4), Duration.ofSeconds(180));
    ByteArrayOutputStream report = new ByteArrayOutputStream();
    boolean clean;
    try (PrintStream out = new PrintStream(report, true, StandardCharsets.UTF_8)) {
      clean = CrashRuns.once(plan, Isolation.LOCAL, false, folder, out);
    }
    String text = report.toString(StandardCharsets.UTF_8);
    System.out.println(text);
    assertThat(clean).as(text).isTrue();
  }
}
