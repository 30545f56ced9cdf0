// SPDX-License-Identifier: MIT

package io.agentruntime.core.turn;

import io.agentruntime.core.secret.SecretMask;
import io.agentruntime.error.AgentRuntimeException;
import io.agentruntime.error.StandardError;
import io.agentruntime.model.turn.TurnOutcome;
import io.agentruntime.spi.sandbox.ExitStatus;

/** What came of a turn when it was not the agent that said so. Stateless. */
final class TurnFailures {
  private final String architecture;
  private final SecretMask mask;

  /**
   * For the turns of one session.
   *
   * @param architecture the agent's id
   * @param mask secrets that must not be shown
   */
  TurnFailures(String architecture, SecretMask mask) {
    this.architecture = architecture;
    this.mask = mask;
  }

  /** Something around the agent failed. */
  TurnOutcome.Failed because(AgentRuntimeException error) {
    return new TurnOutcome.Failed(
        error.code().name(), mask.mask(error.getMessage()), error.code().retryable());
  }

  /**
   * The turn was stopped: by whoever asked for that, or because of what it counts as failed for.
   */
  static TurnOutcome stopped(ActiveTurn turn) {
    String code = turn.failureCode();
    return code == null
        ? new TurnOutcome.Interrupted()
        : new TurnOutcome.Failed(code, "the turn took longer than it may", true);
  }

  /** The process has ended without a word about the turn. */
  TurnOutcome exited(ActiveTurn turn, ExitStatus status) {
    return turn.interrupted()
        ? stopped(turn)
        : new TurnOutcome.Failed(
            StandardError.AGENT_EXITED.name(),
            "the agent program ended with exit code " + status.code() + " during the turn",
            true);
  }

  /** The protocol threw; what it said stays in the log, as anything may stand in it. */
  TurnOutcome.Failed brokenProtocol(Throwable failure) {
    String why =
        failure instanceof NoClassDefFoundError missing
            ? ": a class is missing, " + missing.getMessage() + "; is its jar in the folder?"
            : " (" + failure.getClass().getSimpleName() + "); the server's log says more";
    return new TurnOutcome.Failed(
        StandardError.PROVIDER_FAILED.name(),
        "the protocol of architecture '" + architecture + "' failed on the agent's output" + why,
        false);
  }
}
