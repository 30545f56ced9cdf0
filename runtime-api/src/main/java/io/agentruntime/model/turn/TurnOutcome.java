// SPDX-License-Identifier: MIT

package io.agentruntime.model.turn;

import java.util.Objects;

/** How a turn ended. */
public sealed interface TurnOutcome {
  /** It ran to its end. */
  record Completed() implements TurnOutcome {}

  /**
   * It failed.
   *
   * @param code a stable code, see {@code io.agentruntime.error}
   * @param message what happened, for people
   * @param retryable whether the same message may succeed later
   */
  record Failed(String code, String message, boolean retryable) implements TurnOutcome {
    /** Checks required components. */
    public Failed {
      Objects.requireNonNull(code, "code");
      Objects.requireNonNull(message, "message");
    }
  }

  /** It was stopped on request. */
  record Interrupted() implements TurnOutcome {}
}
