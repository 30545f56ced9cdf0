// SPDX-License-Identifier: MIT

package io.agentruntime.core.turn;

import io.agentruntime.model.event.PermissionAnswer;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Answers to permission requests as the journal keeps them. Stateless. */
final class Answers {
  private Answers() {}

  static Map<String, Object> write(PermissionAnswer answer) {
    Map<String, Object> written = new HashMap<>();
    written.put("requestId", answer.requestId());
    written.put("allowed", answer.allowed());
    written.put("decidedBy", answer.decidedBy());
    if (answer.message() != null) {
      written.put("message", answer.message());
    }
    if (answer.updatedInput() != null) {
      written.put("updatedInput", answer.updatedInput());
    }
    return written;
  }

  static PermissionAnswer read(Map<String, Object> written) {
    return new PermissionAnswer(
        String.valueOf(written.get("requestId")),
        Boolean.TRUE.equals(written.get("allowed")),
        map(written.get("updatedInput")),
        written.get("message") instanceof String message ? message : null,
        written.get("decidedBy") instanceof String by ? by : "client");
  }

  private static @Nullable Map<String, Object> map(@Nullable Object value) {
    if (!(value instanceof Map<?, ?> entries)) {
      return null;
    }
    Map<String, Object> map = new LinkedHashMap<>();
    entries.forEach((key, entry) -> map.put(String.valueOf(key), entry));
    return map;
  }
}
