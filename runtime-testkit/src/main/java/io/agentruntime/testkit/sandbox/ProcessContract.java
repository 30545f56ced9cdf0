// SPDX-License-Identifier: MIT

package io.agentruntime.testkit.sandbox;

import static org.assertj.core.api.Assertions.assertThat;

import io.agentruntime.error.StandardError;
import io.agentruntime.spi.sandbox.ProcessId;
import io.agentruntime.spi.sandbox.ProcessSpec;
import io.agentruntime.spi.sandbox.Sandbox;
import io.agentruntime.spi.sandbox.SandboxProcess;
import io.agentruntime.spi.sandbox.SandboxSpec;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Programs start once and end with a code. */
interface ProcessContract extends SandboxTopic {
  @Test
  default void aProgramRunsAndItsStreamsAreApart() throws Exception {
    SandboxProcess process = bench().start(bench().programs().print("out é€😀", "err é€😀"));
    assertThat(bench().output(process)).isEqualTo("out é€😀");
    assertThat(bench().errors(process)).isEqualTo("err é€😀");
    assertThat(bench().end(process)).isZero();
  }

  @ParameterizedTest
  @ValueSource(ints = {0, 1, 3, 42, 255})
  default void theExitCodeIsTheProgramsOwn(int code) throws Exception {
    SandboxProcess process = bench().start(bench().programs().exitWith(code));
    assertThat(bench().end(process)).isEqualTo(code);
    assertThat(process.exit().orElseThrow().code()).isEqualTo(code);
    assertThat(process.exit().orElseThrow().success()).isEqualTo(code == 0);
  }

  @Test
  default void anUnknownProgramEndsWithACodeAndAReason() throws Exception {
    SandboxProcess process = bench().start(List.of("no-such-program-anywhere"));
    assertThat(bench().end(process)).isIn(126, 127);
    assertThat(bench().errors(process)).contains("no-such-program-anywhere");
  }

  @Test
  default void startingTwiceRunsTheProgramOnce() throws Exception {
    Sandbox sandbox = bench().sandbox();
    ProcessSpec spec = bench().spec(sandbox, bench().programs().print("once", ""));
    bench().end(sandbox.start(spec));
    SandboxProcess again = sandbox.start(spec);
    assertThat(again.id()).isEqualTo(spec.id());
    assertThat(bench().end(again)).isZero();
    assertThat(bench().output(again)).isEqualTo("once");
  }

  @Test
  default void startingTwiceAtTheSameTimeRunsTheProgramOnce() throws Exception {
    Sandbox sandbox = bench().sandbox();
    ProcessSpec spec = bench().spec(sandbox, bench().programs().print("once", ""));
    Callable<SandboxProcess> start = () -> sandbox.start(spec);
    try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
      for (Future<SandboxProcess> process :
          threads.invokeAll(List.of(start, start, start, start))) {
        assertThat(bench().output(process.get())).isEqualTo("once");
      }
    }
  }

  @Test
  default void severalProgramsRunAtTheSameTime() throws Exception {
    List<SandboxProcess> running = new ArrayList<>();
    for (int i = 0; i < 8; i++) {
      running.add(bench().start(bench().programs().cat()));
    }
    for (int i = 0; i < running.size(); i++) {
      running.get(i).writeStdin(0, SandboxBench.utf8("to " + i + "\n"));
    }
    for (int i = 0; i < running.size(); i++) {
      bench().awaitOutput(running.get(i), "to " + i + "\n");
      assertThat(running.get(i).exit()).isEmpty();
      running.get(i).closeStdin();
    }
    for (SandboxProcess process : running) {
      assertThat(bench().end(process)).isZero();
    }
  }

  @Test
  default void programsCanBeStartedFromManyThreads() throws Exception {
    Sandbox sandbox = bench().sandbox();
    List<Callable<String>> calls =
        IntStream.range(0, 12)
            .mapToObj(
                i ->
                    (Callable<String>)
                        () ->
                            bench()
                                .output(
                                    bench().start(sandbox, bench().programs().print("p" + i, ""))))
            .toList();
    List<String> outputs = new ArrayList<>();
    try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
      for (Future<String> output : threads.invokeAll(calls)) {
        outputs.add(output.get());
      }
    }
    assertThat(outputs)
        .containsExactlyElementsOf(IntStream.range(0, 12).mapToObj(i -> "p" + i).toList());
  }

  @Test
  default void theSameProcessIdInAnotherSandboxIsAnotherProcess() throws Exception {
    Sandbox one = bench().sandbox();
    Sandbox other = bench().create(SandboxSpec.named(SandboxBench.unique("other")));
    ProcessSpec spec = bench().spec(one, bench().programs().print("one", ""));
    SandboxProcess first = one.start(spec);
    SandboxProcess second =
        other.start(
            new ProcessSpec(
                spec.id(),
                bench().programs().print("other", ""),
                spec.environment(),
                other.paths().workspace(),
                spec.spoolLimitBytes()));
    assertThat(bench().output(first)).isEqualTo("one");
    assertThat(bench().output(second)).isEqualTo("other");
  }

  @Test
  default void aProcessIsFoundByItsId() throws Exception {
    SandboxProcess process = bench().start(bench().programs().cat());
    SandboxProcess found = bench().sandbox().process(process.id());
    assertThat(found.id()).isEqualTo(process.id());
    assertThat(found.exit()).isEmpty();
    found.closeStdin();
    assertThat(bench().end(process)).isZero();
  }

  @Test
  default void anUnknownProcessIsNotFound() throws Exception {
    Sandbox sandbox = bench().sandbox();
    SandboxBench.assertRefused(
        StandardError.PROCESS_NOT_FOUND, () -> sandbox.process(new ProcessId("never-started")));
  }

  @Test
  default void awaitingTheEndGivesUpInTime() throws Exception {
    SandboxProcess process = bench().start(bench().programs().sleepForever());
    assertThat(process.awaitExit(Duration.ofMillis(50))).isEmpty();
    assertThat(process.awaitExit(Duration.ZERO)).isEmpty();
    assertThat(process.exit()).isEmpty();
  }

  @Test
  default void awaitingTheEndCanBeInterrupted() throws Exception {
    SandboxProcess process = bench().start(bench().programs().sleepForever());
    try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
      Future<?> waiting =
          threads.submit(
              () -> {
                try {
                  return "ended: " + process.awaitExit(SandboxBench.PATIENCE);
                } catch (InterruptedException e) {
                  return "interrupted";
                } finally {
                  Thread.interrupted();
                }
              });
      threads.shutdownNow();
      assertThat(waiting.get()).isEqualTo("interrupted");
    }
  }

  @Test
  default void aChildThatHoldsTheOutputOpenDoesNotKeepTheProgramAlive() throws Exception {
    SandboxProcess process = bench().start(bench().programs().leaveChild(SandboxBench.marker()));
    assertThat(bench().end(process)).isZero();
    assertThat(bench().output(process)).isEqualTo("done\n");
  }
}
