// SPDX-License-Identifier: MIT

package io.agentruntime.app.gateway;

import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Builds one JSON-like object in order; what is null is left out. Confined to one thread. */
final class Payload {
  private final Map<String, Object> fields = new LinkedHashMap<>();

  Payload put(String name, @Nullable Object value) {
    if (value != null) {
      fields.put(name, value);
    }
    return this;
  }

  Map<String, Object> done() {
    return fields;
  }
}
