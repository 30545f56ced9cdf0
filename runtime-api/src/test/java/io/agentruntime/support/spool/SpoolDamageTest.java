// SPDX-License-Identifier: MIT

package io.agentruntime.support.spool;

import static org.assertj.core.api.Assertions.assertThat;

import io.agentruntime.spi.sandbox.ExitStatus;
import io.agentruntime.spi.sandbox.ProcessId;
import io.agentruntime.spi.sandbox.ProcessSignal;
import io.agentruntime.spi.sandbox.ProcessSpec;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

/** What goes wrong around a program must not go unnoticed, and must not happen twice. */
class SpoolDamageTest extends SpoolTest {
  @Test
  void aKilledSupervisorIsNoticed() throws Exception {
    start("sleep", "4715");
    String supervisor = Files.readString(Path.of(commands.folder(ID), "supervisor"));
    ProcessHandle.of(Long.parseLong(supervisor.split(" ")[0])).orElseThrow().destroyForcibly();
    assertThat(status().exit()).isEmpty();
    run(commands.signal(ID, ProcessSignal.KILL));
    await(() -> status().exit().isPresent());
    assertThat(status().exit()).contains(new ExitStatus(SpoolStatus.EXIT_CODE_LOST));
  }

  @Test
  void aStarterThatIsKilledCanBeFollowedByAnother() throws Exception {
    for (int i = 0; i < 25; i++) {
      ProcessId id = new ProcessId("p" + (i + 100));
      Path marks = folder.resolve("marks" + i);
      ProcessSpec spec =
          new ProcessSpec(
              id, List.of("sh", "-c", "echo mark >>'" + marks + "'"), Map.of(), "/", 1000);
      Process starter = new ProcessBuilder(commands.start(spec)).start();
      starter.waitFor(i, TimeUnit.MILLISECONDS);
      starter.destroyForcibly().waitFor();
      SpoolReply.ok(id, run(commands.start(spec)));
      assertThat(SpoolReply.status(id, run(commands.await(id, LONG))).exit()).isPresent();
      assertThat(Files.readAllLines(marks)).hasSize(1);
    }
  }

  @Test
  void errorsThatNobodyReadsNeverBlockTheProgram() throws Exception {
    start("sh", "-c", "head -c 20000000 /dev/zero >&2; printf last >&2");
    SpoolStatus status = awaitEnd();
    assertThat(status.exit()).contains(new ExitStatus(0));
    assertThat(status.stderrLength()).isEqualTo(20_000_004);
    assertThat(status.stderrFirst()).isBetween(15_000_000L, 20_000_000L);
    assertThat(follow(SpoolStream.ERR, 20_000_000)).isEqualTo("last");
    assertCode("OFFSET_RELEASED", () -> follow(SpoolStream.ERR, 0));
  }

  @Test
  void aProgramThatCannotBeRunSaysWhy() throws Exception {
    start("no-such-program");
    assertThat(awaitEnd().exit()).contains(new ExitStatus(127));
    assertThat(follow(SpoolStream.ERR, 0)).contains("no-such-program");
  }
}
