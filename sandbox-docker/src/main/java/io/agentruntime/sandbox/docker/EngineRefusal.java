// SPDX-License-Identifier: MIT

package io.agentruntime.sandbox.docker;

import com.fasterxml.jackson.databind.ObjectMapper;
import io.agentruntime.sandbox.support.Refusal;
import java.io.IOException;
import java.io.Serial;
import java.nio.charset.StandardCharsets;

/** The engine answered, but not what was asked for. */
final class EngineRefusal extends Refusal {
  @Serial private static final long serialVersionUID = 1L;

  private static final int MESSAGE_LIMIT = 8 * 1024;
  private static final ObjectMapper JSON = new ObjectMapper();

  private final int status;

  EngineRefusal(int status, String message) {
    super(message);
    this.status = status;
  }

  /** What an answer says that is not what was asked for. */
  static EngineRefusal of(HttpExchange answer) throws IOException {
    String text =
        new String(answer.body().readNBytes(MESSAGE_LIMIT), StandardCharsets.UTF_8).strip();
    String message = text;
    if (text.startsWith("{")) {
      message = JSON.readTree(text).path("message").asText(text);
    }
    return new EngineRefusal(answer.status(), message);
  }

  /** The engine's HTTP status. */
  int status() {
    return status;
  }
}
