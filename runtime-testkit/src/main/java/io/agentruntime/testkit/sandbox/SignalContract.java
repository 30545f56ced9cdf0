// SPDX-License-Identifier: MIT

package io.agentruntime.testkit.sandbox;

import static org.assertj.core.api.Assertions.assertThat;

import io.agentruntime.spi.sandbox.ProcessSignal;
import io.agentruntime.spi.sandbox.SandboxProcess;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

/** Signals reach a program and all it has started. */
interface SignalContract extends SandboxTopic {
  @ParameterizedTest
  @CsvSource({"INT,130", "TERM,143", "KILL,137"})
  default void aSignalEndsAProgramThatDoesNotHandleIt(ProcessSignal signal, int code)
      throws Exception {
    SandboxProcess process = bench().start(bench().programs().sleepForever());
    assertThat(process.exit()).isEmpty();
    process.signal(signal);
    assertThat(bench().end(process)).isEqualTo(code);
  }

  @Test
  default void aProgramCanHandleAnInterrupt() throws Exception {
    SandboxProcess process = bench().start(bench().programs().catchInterrupt());
    bench().awaitOutput(process, "ready\n");
    process.signal(ProcessSignal.INT);
    assertThat(bench().end(process)).isEqualTo(3);
    assertThat(bench().output(process)).isEqualTo("ready\ninterrupted\n");
  }

  @ParameterizedTest
  @EnumSource(
      value = ProcessSignal.class,
      names = {"TERM", "KILL"})
  default void aSignalReachesAllDescendants(ProcessSignal signal) throws Exception {
    String marker = SandboxBench.marker();
    SandboxProcess process = bench().start(bench().programs().spawnChildren(marker));
    bench().awaitOutput(process, "ready\n");
    awaitRunning("both children run", marker, 2);
    process.signal(signal);
    assertThat(bench().end(process)).isNotZero();
    awaitRunning("no child runs", marker, 0);
  }

  private void awaitRunning(String what, String marker, int expected) throws Exception {
    AtomicInteger last = new AtomicInteger();
    SandboxBench.await(
        what,
        () -> {
          last.set(countRunning(bench().sandbox(), marker));
          return last.get() == expected;
        },
        () ->
            "; the last count was "
                + last
                + ". It is taken from a second process of the sandbox unless the test overrides"
                + " countRunning(sandbox, marker): do that where processes of one sandbox do not"
                + " see each other");
  }

  @Test
  default void aSignalToOneProcessLeavesOthersAlone() throws Exception {
    SandboxProcess one = bench().start(bench().programs().sleepForever());
    SandboxProcess other = bench().start(bench().programs().cat());
    one.signal(ProcessSignal.KILL);
    assertThat(bench().end(one)).isEqualTo(137);
    other.writeStdin(0, SandboxBench.utf8("alive\n"));
    bench().awaitOutput(other, "alive\n");
  }

  @Test
  default void aSignalToAnEndedProgramIsNoError() throws Exception {
    SandboxProcess process = bench().start(bench().programs().exitWith(4));
    bench().end(process);
    for (ProcessSignal signal : ProcessSignal.values()) {
      process.signal(signal);
    }
    assertThat(bench().end(process)).isEqualTo(4);
  }
}
