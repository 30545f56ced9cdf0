// SPDX-License-Identifier: MIT

package io.agentruntime.architecture.gemini;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

/** What a command printed, without what the program says about it. */
class ShellOutputTest {
  @Test
  void labelsAndAddedLinesAreLeftOut() {
    assertThat(ShellOutput.of("Output: a\nb\nExit Code: 3\nProcess Group PGID: 7"))
        .isEqualTo(new ShellOutput("a\nb", 3));
    assertThat(ShellOutput.of("Output: (empty)\nProcess Group PGID: 7"))
        .isEqualTo(new ShellOutput("", 0));
  }

  @Test
  void whatACommandPrintsItselfStays() {
    assertThat(ShellOutput.of("Output: Exit Code: 9\nExit Code: 3\nProcess Group PGID: 7"))
        .isEqualTo(new ShellOutput("Exit Code: 9", 3));
    assertThat(ShellOutput.of("Output: a\nSignal: none of yours\nb"))
        .isEqualTo(new ShellOutput("a\nSignal: none of yours\nb", 0));
  }

  @Test
  void aCommandThatWasStoppedHasNoExitCode() {
    assertThat(ShellOutput.of("Output: a\nSignal: SIGKILL").exitCode()).isNull();
    assertThat(ShellOutput.of("Command was cancelled").exitCode()).isNull();
  }
}
