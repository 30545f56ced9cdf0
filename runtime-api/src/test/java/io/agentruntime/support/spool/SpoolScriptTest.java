// SPDX-License-Identifier: MIT

package io.agentruntime.support.spool;

import static org.assertj.core.api.Assertions.assertThat;

import io.agentruntime.spi.sandbox.ExitStatus;
import io.agentruntime.spi.sandbox.ProcessSignal;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

class SpoolScriptTest extends SpoolTest {

  @Test
  void outputCanBeReadFromAnyOffsetAfterTheEnd() throws Exception {
    start("sh", "-c", "printf 'one two'; printf oops >&2; exit 7");
    assertThat(awaitEnd().exit()).contains(new ExitStatus(7));
    assertThat(follow(SpoolStream.OUT, 0)).isEqualTo("one two");
    assertThat(follow(SpoolStream.OUT, 4)).isEqualTo("two");
    assertThat(follow(SpoolStream.OUT, 7)).isEmpty();
    assertThat(follow(SpoolStream.ERR, 0)).isEqualTo("oops");
  }

  @Test
  void anOffsetBeyondTheEndIsRefused() throws Exception {
    start("echo", "abc");
    awaitEnd();
    assertCode("OFFSET_MISMATCH", () -> follow(SpoolStream.OUT, 5));
  }

  @Test
  void aProcessThatWasNeverStartedIsMissing() {
    assertCode("PROCESS_NOT_FOUND", () -> SpoolReply.status(ID, run(commands.status(ID))));
  }

  @Test
  void startingTwiceAtOnceRunsTheProgramOnce() throws Exception {
    Path marks = folder.resolve("marks");
    try (ExecutorService pool = Executors.newVirtualThreadPerTaskExecutor()) {
      Callable<Void> start =
          () -> {
            start("sh", "-c", "echo mark >>'" + marks + "'");
            return null;
          };
      for (Future<Void> done : pool.invokeAll(List.of(start, start, start, start))) {
        done.get();
      }
    }
    awaitEnd();
    assertThat(Files.readAllLines(marks)).hasSize(1);
  }

  @Test
  void standardInputIsWrittenByOffset() throws Exception {
    start("cat");
    assertThat(write(0, "abc\nd")).isEqualTo(5);
    assertThat(write(0, "abc\n")).isEqualTo(5);
    assertThat(write(4, "def\n")).isEqualTo(8);
    assertCode("OFFSET_MISMATCH", () -> write(9, "x"));
    SpoolReply.number(ID, run(commands.closeStdin(ID)));
    assertThat(write(4, "def\n")).isEqualTo(8);
    assertCode("CLOSED", () -> write(8, "x"));
    assertThat(awaitEnd().exit()).contains(new ExitStatus(0));
    assertThat(follow(SpoolStream.OUT, 0)).isEqualTo("abc\ndef\n");
  }

  @Test
  void bytesPassUnchanged() throws Exception {
    byte[] bytes = new byte[5_000_000];
    new Random(1).nextBytes(bytes);
    start("cat");
    SpoolReply.number(ID, run(commands.writeStdin(ID, 0, bytes.length), Map.of(), bytes));
    run(commands.closeStdin(ID));
    awaitEnd();
    Path out = Path.of(commands.folder(ID), "out");
    assertThat(out).hasBinaryContent(bytes);
  }

  @Test
  void argumentsAndEnvironmentPassUnchanged() throws Exception {
    String odd = "a'b\"c\n$HOME `x` \\ é€😀 *";
    start(Map.of("size", odd, "E", ""), List.of("/usr/bin/env", "-0"));
    awaitEnd();
    assertThat(follow(SpoolStream.OUT, 0).split("\0"))
        .containsExactlyInAnyOrder("size=" + odd, "E=");
  }

  @Test
  void argumentsPassUnchanged() throws Exception {
    start("printf", "[%s]", "", "a'b\"c\n$HOME `x` \\ é€😀 *", "-n");
    awaitEnd();
    assertThat(follow(SpoolStream.OUT, 0)).isEqualTo("[][a'b\"c\n$HOME `x` \\ é€😀 *][-n]");
  }

  @Test
  void aFullSpoolBlocksTheProgramUntilOutputIsReleased() throws Exception {
    List<String> program = List.of("sh", "-c", "head -c 300000 /dev/zero; cat");
    start(10_000, Map.of("PATH", "/usr/bin:/bin"), program);
    long released = 0;
    SpoolStatus status = status();
    while (status.stdoutLength() < 300_000) {
      assertThat(status.stdoutLength() - status.stdoutFirst()).isLessThanOrEqualTo(10_000);
      released = SpoolReply.number(ID, run(commands.release(ID, status.stdoutLength())));
      status = status();
    }
    assertThat(released).isPositive();
    run(commands.closeStdin(ID));
    assertThat(awaitEnd().stdoutLength()).isEqualTo(300_000);
    assertCode("OFFSET_RELEASED", () -> follow(SpoolStream.OUT, 0));
  }

  @Test
  void aChildThatKeepsTheOutputOpenDoesNotDelayTheEnd() throws Exception {
    start("sh", "-c", "sleep 30 & echo done");
    assertThat(awaitEnd().exit()).contains(new ExitStatus(0));
    assertThat(follow(SpoolStream.OUT, 0)).isEqualTo("done\n");
  }

  @Test
  void aSignalReachesDescendantsInOtherSessions() throws Exception {
    start("sh", "-c", "setsid sleep 4711 & sleep 4712 & wait");
    await(() -> countOf("sleep\u00004711") + countOf("sleep\u00004712") == 2);
    run(commands.signal(ID, ProcessSignal.KILL));
    assertThat(awaitEnd().exit()).contains(new ExitStatus(137));
    assertThat(countOf("sleep\u00004711") + countOf("sleep\u00004712")).isZero();
  }

  @Test
  void anInterruptIsNotIgnoredByThePrograms() throws Exception {
    start("sleep", "4713");
    run(commands.signal(ID, ProcessSignal.INT));
    assertThat(awaitEnd().exit()).contains(new ExitStatus(130));
  }

  @Test
  void aFollowerThatIsTiedEndsWithItsInput() throws Exception {
    start("sleep", "4714");
    Process follower =
        new ProcessBuilder(commands.follow(ID, SpoolStream.OUT, 0, true))
            .redirectErrorStream(true)
            .start();
    try (InputStream in = follower.getInputStream()) {
      SpoolReply.followed(ID, SpoolReply.readLine(in));
      follower.getOutputStream().close();
      assertThat(in.readAllBytes()).isEmpty();
    }
    assertThat(follower.waitFor(10, TimeUnit.SECONDS)).isTrue();
    assertThat(status().exit()).isEmpty();
  }
}
