// SPDX-License-Identifier: MIT

package io.agentruntime.testkit.sandbox;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.agentruntime.error.StandardError;
import io.agentruntime.spi.sandbox.ProcessSpec;
import io.agentruntime.spi.sandbox.Sandbox;
import io.agentruntime.spi.sandbox.SandboxProcess;
import java.io.InputStream;
import java.io.InterruptedIOException;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.Test;

/** Output is read from any offset, as often as one likes, until it is released. */
interface OutputContract extends SandboxTopic {
  @Test
  default void outputIsReadFromAnyOffset() throws Exception {
    SandboxProcess process = bench().start(bench().programs().print("0123456789", "abc"));
    bench().end(process);
    for (int offset = 0; offset <= 10; offset++) {
      try (InputStream out = process.stdout(offset)) {
        assertThat(out.readAllBytes()).isEqualTo(SandboxBench.utf8("0123456789".substring(offset)));
      }
    }
    try (InputStream err = process.stderr(1)) {
      assertThat(err.readAllBytes()).isEqualTo(SandboxBench.utf8("bc"));
    }
  }

  @Test
  default void anOffsetBeyondTheEndIsRefused() throws Exception {
    SandboxProcess process = bench().start(bench().programs().print("0123", ""));
    bench().end(process);
    SandboxBench.assertRefused(StandardError.OFFSET_MISMATCH, () -> process.stdout(5));
  }

  @Test
  default void aFollowerGetsOutputWhileTheProgramRuns() throws Exception {
    SandboxProcess process = bench().start(bench().programs().cat());
    process.writeStdin(0, SandboxBench.utf8("past\n"));
    bench().awaitOutput(process, "past\n");
    try (InputStream late = process.stdout(5)) {
      process.writeStdin(5, SandboxBench.utf8("live\n"));
      assertThat(late.readNBytes(5)).isEqualTo(SandboxBench.utf8("live\n"));
      process.closeStdin();
      assertThat(late.read()).isEqualTo(-1);
    }
  }

  @Test
  default void severalFollowersGetTheSame() throws Exception {
    SandboxProcess process = bench().start(bench().programs().cat());
    Callable<String> follow = () -> bench().output(process);
    try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
      List<Future<String>> followers =
          List.of(threads.submit(follow), threads.submit(follow), threads.submit(follow));
      process.writeStdin(0, SandboxBench.utf8("to all\n"));
      process.closeStdin();
      for (Future<String> follower : followers) {
        assertThat(follower.get()).isEqualTo("to all\n");
      }
    }
  }

  @Test
  default void closingAFollowerLeavesTheProgramAlone() throws Exception {
    SandboxProcess process = bench().start(bench().programs().cat());
    process.stdout(0).close();
    process.writeStdin(0, SandboxBench.utf8("still here\n"));
    bench().awaitOutput(process, "still here\n");
    assertThat(process.exit()).isEmpty();
  }

  @Test
  default void aFollowerThatWaitsCanBeInterrupted() throws Exception {
    SandboxProcess process = bench().start(bench().programs().cat());
    process.writeStdin(0, SandboxBench.utf8("x"));
    try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();
        InputStream out = process.stdout(0)) {
      Future<?> failure =
          threads.submit(
              () -> {
                assertThat(out.read()).isEqualTo('x');
                Thread.currentThread().interrupt();
                assertThatThrownBy(out::read).isInstanceOf(InterruptedIOException.class);
                return Thread.interrupted();
              });
      failure.get();
    }
    assertThat(process.exit()).isEmpty();
  }

  @Test
  default void interruptingABlockedReadEndsIt() throws Exception {
    SandboxProcess process = bench().start(bench().programs().sleepForever());
    try (InputStream out = process.stdout(0)) {
      Thread[] reader = new Thread[1];
      try (ExecutorService threads =
          Executors.newThreadPerTaskExecutor(
              task -> reader[0] = Thread.ofVirtual().unstarted(task))) {
        Future<?> blocked =
            threads.submit(
                () -> assertThatThrownBy(out::read).isInstanceOf(InterruptedIOException.class));
        SandboxBench.await(
            "the reader blocks",
            () ->
                reader[0].getState() == Thread.State.WAITING
                    || reader[0].getState() == Thread.State.TIMED_WAITING
                    || blocked.isDone());
        reader[0].interrupt();
        blocked.get();
      }
    }
  }

  @Test
  default void muchOutputArrivesWhole() throws Exception {
    long size = 30_000_000;
    SandboxProcess process = bench().start(bench().programs().spew(size));
    process.closeStdin();
    long seen = 0;
    try (InputStream out = process.stdout(0)) {
      byte[] buffer = new byte[1 << 16];
      for (int count = out.read(buffer); count >= 0; count = out.read(buffer)) {
        seen += count;
      }
    }
    assertThat(seen).isEqualTo(size);
    assertThat(bench().end(process)).isZero();
  }

  @Test
  default void aFullSpoolHoldsTheProgramUntilOutputIsReleased() throws Exception {
    int limit = 200_000;
    long size = 3_000_000;
    Sandbox sandbox = bench().sandbox();
    ProcessSpec usual = bench().spec(sandbox, bench().programs().spew(size));
    SandboxProcess process =
        sandbox.start(
            new ProcessSpec(
                usual.id(), usual.command(), Map.of(), usual.workingDirectory(), limit));
    process.closeStdin();
    try (InputStream out = process.stdout(0);
        InputStream err = process.stderr(0)) {
      long seen = out.readNBytes(limit).length;
      assertThat(seen).isEqualTo(limit);
      assertThat(out.available()).isZero();
      assertThat(err.available()).isZero();
      assertThat(process.exit()).isEmpty();
      byte[] buffer = new byte[50_000];
      while (seen < size) {
        process.release(seen);
        int count = out.read(buffer);
        assertThat(count).isPositive();
        seen += count;
      }
      assertThat(out.read()).isEqualTo(-1);
      assertThat(err.readAllBytes()).isEqualTo(SandboxBench.utf8("done\n"));
    }
    assertThat(bench().end(process)).isZero();
  }

  @Test
  default void releasingKeepsOffsets() throws Exception {
    byte[] bytes = new byte[300_000];
    new Random(1).nextBytes(bytes);
    SandboxProcess process = bench().start(bench().programs().cat());
    process.writeStdin(0, bytes);
    process.closeStdin();
    assertThat(bench().end(process)).isZero();
    process.release(123_456);
    process.release(1000);
    SandboxBench.assertRefused(StandardError.OFFSET_RELEASED, () -> process.stdout(123_455));
    SandboxBench.assertRefused(StandardError.OFFSET_RELEASED, () -> process.stdout(0));
    try (InputStream rest = process.stdout(123_456)) {
      assertThat(rest.readAllBytes()).isEqualTo(Arrays.copyOfRange(bytes, 123_456, bytes.length));
    }
    process.release(bytes.length);
    try (InputStream rest = process.stdout(bytes.length)) {
      assertThat(rest.read()).isEqualTo(-1);
    }
  }
}
