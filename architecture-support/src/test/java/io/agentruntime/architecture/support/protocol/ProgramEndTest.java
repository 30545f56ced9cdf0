// SPDX-License-Identifier: MIT

package io.agentruntime.architecture.support.protocol;

import static org.assertj.core.api.Assertions.assertThat;

import io.agentruntime.model.turn.TurnOutcome;
import io.agentruntime.spi.sandbox.ExitStatus;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ProgramEndTest {
  private static TurnOutcome.Failed end(ExitStatus status, String stderrTail) {
    return ProgramEnd.midTurn("Agent", "There is no 'agent' in the image.", status, stderrTail);
  }

  @ParameterizedTest
  @ValueSource(ints = {126, 127})
  void aProgramThatTheImageLacksIsNamedAndNotTriedAgain(int code) {
    TurnOutcome.Failed failed =
        end(new ExitStatus(code), "setsid: failed to execute agent: No such file or directory\n");

    assertThat(failed.message())
        .contains("There is no 'agent'")
        .contains("image")
        .contains("Exit code " + code)
        .endsWith("No such file or directory");
    assertThat(failed.retryable()).isFalse();
  }

  @Test
  void aProgramThatDiedMayBeTriedAgainAndItsLastWordsAreBounded() {
    TurnOutcome.Failed failed = end(new ExitStatus(137), "x".repeat(100_000) + "last words");

    assertThat(failed.message()).contains("exit code 137").endsWith("last words");
    assertThat(failed.message().length()).isLessThan(3000);
    assertThat(failed.retryable()).isTrue();
    assertThat(end(new ExitStatus(1), " \n").message()).endsWith("exit code 1");
  }
}
