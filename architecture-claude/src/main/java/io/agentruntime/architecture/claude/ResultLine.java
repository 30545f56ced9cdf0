// SPDX-License-Identifier: MIT

package io.agentruntime.architecture.claude;

import com.fasterxml.jackson.databind.JsonNode;
import io.agentruntime.architecture.support.json.Json;
import io.agentruntime.error.StandardError;
import io.agentruntime.model.turn.TurnOutcome;
import java.util.ArrayList;
import java.util.List;

/**
 * The program's report of one of its turns.
 *
 * @param outcome how it ended
 * @param messageIds the messages it answered, as far as the program says so
 * @param beforeAnyTurn whether it failed before it could begin
 */
record ResultLine(TurnOutcome outcome, List<String> messageIds, boolean beforeAnyTurn) {
  private static final int TOO_MANY_REQUESTS = 429;
  private static final int REQUEST_TIMEOUT = 408;
  private static final int FIRST_SERVER_ERROR = 500;
  private static final int MAX_MESSAGE = 2000;

  static ResultLine of(JsonNode line) {
    List<String> ids = new ArrayList<>();
    line.path("user_message_uuids").forEach(id -> ids.add(id.asText()));
    if (ids.isEmpty() && line.path("user_message_uuid").isTextual()) {
      ids.add(line.path("user_message_uuid").textValue());
    }
    // The subtype says "success" for a failed model API too: only is_error tells.
    boolean failed = Json.isTrue(line, "is_error");
    return new ResultLine(
        failed ? failure(line) : new TurnOutcome.Completed(),
        ids,
        failed && Json.numberOr(line, "num_turns", 1) == 0);
  }

  private static TurnOutcome failure(JsonNode line) {
    if (Json.textOr(line, "terminal_reason", "").startsWith("aborted")) {
      return new TurnOutcome.Interrupted();
    }
    return new TurnOutcome.Failed(
        StandardError.AGENT_FAILED.name(), message(line), isRetryable(line));
  }

  private static String message(JsonNode line) {
    List<String> errors = new ArrayList<>();
    line.path("errors").forEach(error -> errors.add(error.asText()));
    String text = errors.isEmpty() ? Json.textOr(line, "result", "") : String.join("; ", errors);
    if (text.isBlank()) {
      text = "Claude Code reports " + Json.textOr(line, "subtype", "an error");
    }
    return text.length() <= MAX_MESSAGE ? text : text.substring(0, MAX_MESSAGE) + "…";
  }

  private static boolean isRetryable(JsonNode line) {
    long status = Json.numberOr(line, "api_error_status", 0);
    return status >= FIRST_SERVER_ERROR
        || status == TOO_MANY_REQUESTS
        || status == REQUEST_TIMEOUT
        || (status == 0 && Json.textOr(line, "terminal_reason", "").equals("api_error"));
  }
}
