// SPDX-License-Identifier: MIT

package io.agentruntime.testkit.sandbox;

import static org.assertj.core.api.Assertions.assertThat;

import io.agentruntime.error.StandardError;
import io.agentruntime.spi.sandbox.SandboxProcess;
import java.io.InputStream;
import java.util.Arrays;
import java.util.Random;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.Test;

/** Standard input is written by offset, so that a write can be repeated. */
interface StdinContract extends SandboxTopic {
  @Test
  default void whatIsWrittenArrivesAtOnce() throws Exception {
    SandboxProcess process = bench().start(bench().programs().cat());
    try (InputStream out = process.stdout(0)) {
      long offset = 0;
      for (String line : new String[] {"one\n", "two\n", "no line end", "\0\n"}) {
        byte[] bytes = SandboxBench.utf8(line);
        offset += bytes.length;
        assertThat(process.writeStdin(offset - bytes.length, bytes)).isEqualTo(offset);
        assertThat(out.readNBytes(bytes.length)).isEqualTo(bytes);
      }
    }
  }

  @Test
  default void repeatingAWriteChangesNothing() throws Exception {
    SandboxProcess process = bench().start(bench().programs().cat());
    byte[] bytes = SandboxBench.utf8("once\n");
    assertThat(process.writeStdin(0, bytes)).isEqualTo(5);
    assertThat(process.writeStdin(0, bytes)).isEqualTo(5);
    assertThat(process.writeStdin(2, SandboxBench.utf8("ce\n"))).isEqualTo(5);
    assertThat(process.writeStdin(0, new byte[0])).isEqualTo(5);
    assertThat(finish(process)).isEqualTo("once\n");
  }

  @Test
  default void aTornWriteIsCompleted() throws Exception {
    SandboxProcess process = bench().start(bench().programs().cat());
    assertThat(process.writeStdin(0, SandboxBench.utf8("half a li"))).isEqualTo(9);
    assertThat(process.writeStdin(0, SandboxBench.utf8("half a line\n"))).isEqualTo(12);
    assertThat(finish(process)).isEqualTo("half a line\n");
  }

  @Test
  default void aGapIsRefused() throws Exception {
    SandboxProcess process = bench().start(bench().programs().cat());
    process.writeStdin(0, SandboxBench.utf8("abc"));
    SandboxBench.assertRefused(
        StandardError.OFFSET_MISMATCH, () -> process.writeStdin(4, SandboxBench.utf8("e")));
    assertThat(finish(process)).isEqualTo("abc");
  }

  @Test
  default void closingEndsTheInputAfterWhatWasWritten() throws Exception {
    SandboxProcess process = bench().start(bench().programs().cat());
    process.writeStdin(0, SandboxBench.utf8("all of it"));
    process.closeStdin();
    process.closeStdin();
    assertThat(bench().end(process)).isZero();
    assertThat(bench().output(process)).isEqualTo("all of it");
  }

  @Test
  default void nothingCanBeAddedAfterClosing() throws Exception {
    SandboxProcess process = bench().start(bench().programs().cat());
    process.writeStdin(0, SandboxBench.utf8("abc"));
    process.closeStdin();
    SandboxBench.assertRefused(
        StandardError.CLOSED, () -> process.writeStdin(3, SandboxBench.utf8("d")));
    assertThat(process.writeStdin(0, SandboxBench.utf8("abc"))).isEqualTo(3);
    assertThat(bench().end(process)).isZero();
    assertThat(bench().output(process)).isEqualTo("abc");
  }

  @Test
  default void writingToAProgramThatNeverReadsDoesNotBlock() throws Exception {
    SandboxProcess process = bench().start(bench().programs().sleepForever());
    byte[] bytes = new byte[300_000];
    assertThat(process.writeStdin(0, bytes)).isEqualTo(bytes.length);
    process.closeStdin();
  }

  @Test
  default void manyBytesPassThroughUnchanged() throws Exception {
    byte[] bytes = new byte[20 << 20];
    new Random(4711).nextBytes(bytes);
    SandboxProcess process = bench().start(bench().programs().cat());
    try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();
        InputStream out = process.stdout(0)) {
      Future<Boolean> same = threads.submit(() -> Arrays.equals(out.readAllBytes(), bytes));
      int step = 1 << 20;
      for (int at = 0; at < bytes.length; at += step) {
        assertThat(process.writeStdin(at, Arrays.copyOfRange(bytes, at, at + step)))
            .isEqualTo(at + step);
      }
      process.closeStdin();
      assertThat(same.get()).isTrue();
    }
    assertThat(bench().end(process)).isZero();
  }

  private String finish(SandboxProcess process) throws Exception {
    process.closeStdin();
    assertThat(bench().end(process)).isZero();
    return bench().output(process);
  }
}
