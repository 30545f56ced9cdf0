// SPDX-License-Identifier: MIT

package io.agentruntime.app.rest;

import io.agentruntime.error.AgentRuntimeException;
import io.micronaut.http.HttpRequest;
import org.jspecify.annotations.Nullable;

/** Reads the {@code Idempotency-Key} header. Stateless. */
final class IdempotencyKey {
  private static final int LONGEST = 255;

  private IdempotencyKey() {}

  static @Nullable String of(HttpRequest<?> request) {
    String key = request.getHeaders().get("Idempotency-Key");
    if (key == null || key.isBlank()) {
      return null;
    }
    if (key.length() > LONGEST || key.chars().anyMatch(c -> c < ' ' || c > '~')) {
      throw AgentRuntimeException.invalid(
          "Idempotency-Key", "at most " + LONGEST + " visible ASCII characters");
    }
    return key;
  }
}
