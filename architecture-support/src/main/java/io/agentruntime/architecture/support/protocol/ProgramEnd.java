// SPDX-License-Identifier: MIT

package io.agentruntime.architecture.support.protocol;

import io.agentruntime.error.StandardError;
import io.agentruntime.model.turn.TurnOutcome;
import io.agentruntime.spi.sandbox.ExitStatus;

/** What the end of a program in the middle of a turn means for the turn. */
public final class ProgramEnd {
  private static final int MAX_STDERR = 2000;

  /** What whoever starts programs reports where there is none, or none that runs. */
  private static final int NOT_FOUND = 127;

  private static final int NOT_EXECUTABLE = 126;

  private ProgramEnd() {}

  /**
   * The outcome of the turn: to be tried again, unless there is no such program.
   *
   * @param program its name for people
   * @param missing says that the program cannot be run, and what the image lacks
   * @param stderrTail what the program said at last
   */
  public static TurnOutcome.Failed midTurn(
      String program, String missing, ExitStatus status, String stderrTail) {
    boolean isMissing = status.code() == NOT_FOUND || status.code() == NOT_EXECUTABLE;
    String what =
        isMissing
            ? missing + " Exit code "
            : program + " ended in the middle of the turn with exit code ";
    String tail = stderrTail.strip();
    String message =
        what
            + status.code()
            + (tail.isEmpty()
                ? ""
                : ": " + tail.substring(Math.max(0, tail.length() - MAX_STDERR)));
    return new TurnOutcome.Failed(StandardError.AGENT_EXITED.name(), message, !isMissing);
  }
}
