// SPDX-License-Identifier: MIT

package io.agentruntime.core;

import static org.assertj.core.api.Assertions.assertThat;

import io.agentruntime.core.CheckLine.Verdict;
import io.agentruntime.core.provider.SecretSource;
import io.agentruntime.error.StandardError;
import io.agentruntime.testkit.architecture.ScriptedArchitecture;
import io.agentruntime.testkit.sandbox.FakeOperation;
import io.agentruntime.testkit.sandbox.FakeSandboxProvider;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What an operator is told before a start. */
class RuntimeCheckTest {
  @TempDir Path folder;

  private final FakeSandboxProvider sandboxes = new FakeSandboxProvider();

  @Test
  void whereNothingIsWrongEveryLineSaysSoAndNoSandboxIsLeft() throws Exception {
    List<CheckLine> lines = check(0);

    assertThat(lines).extracting(CheckLine::verdict).containsOnly(Verdict.OK);
    assertThat(lines)
        .extracting(CheckLine::subject)
        .contains("data directory", "persistence memory", "sandbox fake", "architecture scripted");
    assertThat(sandboxes.live()).isEmpty();
  }

  @Test
  void aMissingAgentProgramIsNamedWithWhatToDo() throws Exception {
    List<CheckLine> lines = check(127);

    assertThat(lines)
        .anySatisfy(
            line -> {
              assertThat(line.verdict()).isEqualTo(Verdict.NOTE);
              assertThat(line.finding()).contains(ScriptedArchitecture.PROGRAM).contains("fake");
              assertThat(line.remedy()).isPresent();
            });
    assertThat(lines.getLast().verdict()).isEqualTo(Verdict.PROBLEM);
    assertThat(sandboxes.live()).isEmpty();
  }

  @Test
  void aSandboxThatCannotBeStartedIsAProblem() throws Exception {
    sandboxes.faults().fail(FakeOperation.CREATE, StandardError.SANDBOX_UNAVAILABLE);

    assertThat(check(0))
        .anySatisfy(
            line -> {
              assertThat(line.verdict()).isEqualTo(Verdict.PROBLEM);
              assertThat(line.subject()).isEqualTo("sandbox fake");
              assertThat(line.finding()).contains("ordered failure");
            });
  }

  @Test
  void aFolderThatIsInUseIsAProblem() throws Exception {
    try (RuntimeFixture running = RuntimeFixture.start(folder)) {
      assertThat(running.runtime().isStopping()).isFalse();
      assertThat(check(0))
          .singleElement()
          .satisfies(
              line -> {
                assertThat(line.verdict()).isEqualTo(Verdict.PROBLEM);
                assertThat(line.finding()).contains("another runtime");
              });
    }
  }

  @Test
  void askedWhileItRunsEveryProviderSaysHowItIs() throws Exception {
    try (RuntimeFixture running = RuntimeFixture.start(folder)) {
      assertThat(running.runtime().providerHealth(RuntimeFixture.PATIENCE))
          .hasSameSizeAs(running.runtime().providers())
          .allSatisfy(problems -> assertThat(problems).isEmpty());
    }
  }

  /** With a shell that finds every program, or none. */
  private List<CheckLine> check(int exitOfTheShell) throws InterruptedException {
    sandboxes.register("sh", machine -> exitOfTheShell);
    return RuntimeCheck.run(
        RuntimeConfig.builder(folder).secrets(SecretSource.of(Map.of())).build(),
        List.of(sandboxes, new ScriptedArchitecture()));
  }
}
