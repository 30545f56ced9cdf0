// SPDX-License-Identifier: MIT

package io.agentruntime.architecture.claude;

import io.agentruntime.error.StandardError;
import io.agentruntime.model.turn.TurnOutcome;
import io.agentruntime.spi.sandbox.ExitStatus;

/** What the end of the program in the middle of a turn means for the turn. */
final class ProgramEnd {
  private static final int MAX_STDERR = 2000;

  /** What whoever starts programs reports where there is none, or none that runs. */
  private static final int NOT_FOUND = 127;

  private static final int NOT_EXECUTABLE = 126;

  private ProgramEnd() {}

  /**
   * The outcome of the turn.
   *
   * @param stderrTail what the program said at last
   */
  static TurnOutcome.Failed midTurn(ExitStatus status, String stderrTail) {
    boolean missing = status.code() == NOT_FOUND || status.code() == NOT_EXECUTABLE;
    String what =
        missing
            ? "The program 'claude' cannot be run in the sandbox; its image must have Claude Code"
                + " on the PATH. Exit code "
            : "Claude Code ended in the middle of the turn with exit code ";
    String tail = stderrTail.strip();
    String message =
        what
            + status.code()
            + (tail.isEmpty()
                ? ""
                : ": " + tail.substring(Math.max(0, tail.length() - MAX_STDERR)));
    return new TurnOutcome.Failed(StandardError.AGENT_EXITED.name(), message, !missing);
  }
}
