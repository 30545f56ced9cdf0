// SPDX-License-Identifier: MIT

package io.agentruntime.app.error;

import io.agentruntime.error.ErrorCode;
import io.agentruntime.error.StandardError;

/** Which HTTP status an error has. Stateless. */
final class Statuses {
  private Statuses() {}

  static int of(ErrorCode code) {
    return switch (code) {
      case HttpError http -> http.status();
      case StandardError standard -> of(standard);
      default -> byKind(code);
    };
  }

  private static int of(StandardError error) {
    return switch (error) {
      case SESSION_NOT_FOUND,
          SESSION_NOT_LOADED,
          PERMISSION_NOT_FOUND,
          FILE_NOT_FOUND,
          PROCESS_NOT_FOUND ->
          404;
      case LIMIT_EXCEEDED -> 413;
      case SHUTTING_DOWN, STORE_UNAVAILABLE, SANDBOX_UNAVAILABLE -> 503;
      case TURN_TIMEOUT -> 504;
      default -> byKind(error);
    };
  }

  private static int byKind(ErrorCode code) {
    return switch (code.kind()) {
      case USER -> 400;
      case CONFLICT -> 409;
      case RESOURCE -> 429;
      case EXTERNAL -> 502;
      case INTERNAL -> 500;
    };
  }
}
