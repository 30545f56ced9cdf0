// SPDX-License-Identifier: MIT

package io.agentruntime.architecture.support.acp;

import com.fasterxml.jackson.databind.JsonNode;
import io.agentruntime.architecture.support.json.Json;
import io.agentruntime.architecture.support.protocol.ProgramEnd;
import io.agentruntime.error.StandardError;
import io.agentruntime.model.turn.TurnOutcome;
import io.agentruntime.spi.sandbox.ExitStatus;

/** What errors and ends of a program mean for a turn. */
final class Failures {
  private static final int MAX_TEXT = 2000;
  private static final long TOO_MANY_REQUESTS = 429;
  private static final long REQUEST_TIMEOUT = 408;
  private static final long FIRST_SERVER_ERROR = 500;
  private static final long PAST_HTTP = 600;

  private Failures() {}

  /** A turn that the program answered with an error. */
  static TurnOutcome.Failed ofError(JsonNode error) {
    long code = Json.numberOr(error, "code", 0);
    boolean retryable =
        code == TOO_MANY_REQUESTS
            || code == REQUEST_TIMEOUT
            || (code >= FIRST_SERVER_ERROR && code < PAST_HTTP);
    return new TurnOutcome.Failed(StandardError.AGENT_FAILED.name(), text(error), retryable);
  }

  /** What an error says, freed of the model API's JSON that programs wrap it in. */
  static String text(JsonNode error) {
    String message = Json.textOr(error, "message", "");
    String inner =
        Json.object(message)
            .map(wrapped -> Json.textOr(wrapped.path("error"), "message", ""))
            .orElse("");
    if (!inner.isBlank()) {
      message = inner;
    }
    String details = Json.textOr(error.path("data"), "details", "");
    if (!details.isBlank() && !message.contains(details)) {
      message = message.isBlank() ? details : message + ": " + details;
    }
    if (message.isBlank()) {
      message = "The agent reports an error without a text";
    }
    return message.length() <= MAX_TEXT ? message : message.substring(0, MAX_TEXT) + "…";
  }

  /** A turn that the program stopped by itself. */
  static TurnOutcome ofStop(String programName, String reason) {
    return switch (reason) {
      case "cancelled" -> new TurnOutcome.Interrupted();
      case "max_tokens", "max_turn_requests" ->
          new TurnOutcome.Failed(
              StandardError.AGENT_FAILED.name(),
              programName + " stopped the turn: " + reason,
              true);
      default -> new TurnOutcome.Completed();
    };
  }

  /** The program has ended in the middle of a turn. */
  static TurnOutcome.Failed ofExit(AcpDialect dialect, ExitStatus status, String stderrTail) {
    return ProgramEnd.midTurn(
        dialect.programName(),
        dialect.programName()
            + " cannot be run in the sandbox; its image must have "
            + dialect.programFile()
            + " on the PATH.",
        status,
        stderrTail);
  }
}
