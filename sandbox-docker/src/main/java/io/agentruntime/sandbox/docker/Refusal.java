// SPDX-License-Identifier: MIT

package io.agentruntime.sandbox.docker;

import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.io.Serial;
import java.nio.charset.StandardCharsets;

/** The engine, or a program in a container, answered, but not what was asked for. */
final class Refusal extends IOException {
  @Serial private static final long serialVersionUID = 1L;

  private static final int MESSAGE_LIMIT = 8 * 1024;
  private static final ObjectMapper JSON = new ObjectMapper();

  private final int status;

  /**
   * A refusal by the engine.
   *
   * @param status its HTTP status
   */
  Refusal(int status, String message) {
    super(message);
    this.status = status;
  }

  /** What an answer says that is not what was asked for. */
  static Refusal of(HttpExchange answer) throws IOException {
    String text =
        new String(answer.body().readNBytes(MESSAGE_LIMIT), StandardCharsets.UTF_8).strip();
    String message = text;
    if (text.startsWith("{")) {
      message = JSON.readTree(text).path("message").asText(text);
    }
    return new Refusal(answer.status(), message);
  }

  /** The early end of a program; its errors tell why. */
  static Refusal ended(ExecStream streams) {
    String errors = streams.errors();
    return new Refusal(0, errors.isEmpty() ? "the program ended early" : errors);
  }

  /** The engine's HTTP status; 0 where a program refused. */
  int status() {
    return status;
  }
}
