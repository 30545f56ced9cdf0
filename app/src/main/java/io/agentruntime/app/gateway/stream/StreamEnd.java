// SPDX-License-Identifier: MIT

package io.agentruntime.app.gateway.stream;

import io.agentruntime.error.AgentRuntimeException;
import io.agentruntime.error.ErrorCode;
import io.agentruntime.error.ErrorKind;
import io.agentruntime.error.StandardError;
import java.time.Duration;

/**
 * Why a stream ends.
 *
 * @param code for programs
 * @param text for people; no secrets
 */
record StreamEnd(ErrorCode code, String text) {
  private static final int GOING_AWAY = 1001;
  private static final int POLICY = 1008;
  private static final int INTERNAL = 1011;
  private static final int TRY_AGAIN_LATER = 1013;

  static final StreamEnd SHUTTING_DOWN =
      new StreamEnd(StandardError.SHUTTING_DOWN, "The server is stopping: come back");

  static final StreamEnd UNEXPECTED_MESSAGE =
      new StreamEnd(
          StreamError.UNEXPECTED_MESSAGE, "This socket only tells: send messages over REST");

  static final StreamEnd TAKEN_OVER =
      new StreamEnd(StandardError.FENCED, "Another server has taken the session over: go there");

  static StreamEnd slow(Duration patience) {
    return new StreamEnd(
        StreamError.SLOW_CONSUMER,
        "Nothing was taken for " + patience.toSeconds() + " s: come back with the last seq");
  }

  static StreamEnd noAnswer(Duration patience) {
    return new StreamEnd(
        StreamError.NO_ANSWER, "No ping was answered for " + patience.toSeconds() + " s");
  }

  /** The end that a failure makes; what is a defect of ours is not shown. */
  static StreamEnd of(AgentRuntimeException failure) {
    return new StreamEnd(
        failure.code(),
        failure.code().kind() == ErrorKind.INTERNAL
            ? "Internal server error"
            : String.valueOf(failure.getMessage()));
  }

  /** The code of the WebSocket close frame. */
  int closeCode() {
    if (code == StandardError.SHUTTING_DOWN) {
      return GOING_AWAY;
    }
    return switch (code.kind()) {
      case USER, CONFLICT -> POLICY;
      case RESOURCE -> TRY_AGAIN_LATER;
      case EXTERNAL, INTERNAL -> INTERNAL;
    };
  }
}
