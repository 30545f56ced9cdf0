// SPDX-License-Identifier: MIT

package io.agentruntime.architecture.opencode;

import com.fasterxml.jackson.databind.JsonNode;
import io.agentruntime.architecture.support.json.Json;
import io.agentruntime.architecture.support.protocol.ProgramEnd;
import io.agentruntime.error.StandardError;
import io.agentruntime.model.turn.TurnOutcome;
import io.agentruntime.spi.sandbox.ExitStatus;

/** What errors and ends of the program mean for a turn. */
final class Failures {
  private static final int MAX_TEXT = 2000;
  private static final long TOO_MANY_REQUESTS = 429;
  private static final long REQUEST_TIMEOUT = 408;
  private static final long FIRST_SERVER_ERROR = 500;
  private static final String ABORTED = "MessageAbortedError";

  private Failures() {}

  /** Whether an error only says that the turn was stopped. */
  static boolean isAborted(JsonNode error) {
    return Json.textOr(error, "name", "").equals(ABORTED);
  }

  /** A turn that ended with an error of the program. */
  static TurnOutcome.Failed of(JsonNode error) {
    JsonNode data = error.path("data");
    long status = Json.numberOr(data, "statusCode", 0);
    boolean retryable =
        Json.isTrue(data, "isRetryable")
            || status == TOO_MANY_REQUESTS
            || status == REQUEST_TIMEOUT
            || status >= FIRST_SERVER_ERROR;
    String message = Json.textOr(data, "message", "");
    if (message.isBlank()) {
      message = "OpenCode reports " + Json.textOr(error, "name", "an error without a text");
    }
    return failed(message, retryable);
  }

  /** A turn that failed for a reason that is known as text. */
  static TurnOutcome.Failed failed(String message, boolean retryable) {
    return new TurnOutcome.Failed(StandardError.AGENT_FAILED.name(), bounded(message), retryable);
  }

  static String bounded(String text) {
    return text.length() <= MAX_TEXT ? text : text.substring(0, MAX_TEXT) + "…";
  }

  /** The program has ended in the middle of a turn. */
  static TurnOutcome.Failed ofExit(ExitStatus status, String stderrTail) {
    return ProgramEnd.midTurn(
        "OpenCode",
        "OpenCode cannot be run in the sandbox; its image must have 'opencode' on the PATH.",
        status,
        stderrTail);
  }
}
