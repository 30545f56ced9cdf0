// SPDX-License-Identifier: MIT

package io.agentruntime.support.json;

import java.time.Instant;
import java.util.Collection;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** Writes one JSON-like object in order; what is null is left out. Confined to one thread. */
final class MapWriter {
  private final Map<String, Object> map = new LinkedHashMap<>();

  MapWriter put(String key, @Nullable Object value) {
    switch (value) {
      case null -> {
        // Absent means absent.
      }
      case Enum<?> constant -> map.put(key, Fields.nameOf(constant));
      case Instant instant -> map.put(key, instant.toString());
      default -> map.put(key, value);
    }
    return this;
  }

  /** Writes a collection unless it is empty. */
  MapWriter putUnlessEmpty(String key, Collection<?> values) {
    return values.isEmpty() ? this : put(key, List.copyOf(values));
  }

  /** Writes an object unless it is empty. */
  MapWriter putUnlessEmpty(String key, Map<String, ?> values) {
    return values.isEmpty() ? this : put(key, values);
  }

  /** Writes each element as an object, unless there is none. */
  <T> MapWriter putEach(String key, Collection<T> values, Function<T, Map<String, Object>> writer) {
    return putUnlessEmpty(key, values.stream().map(writer).toList());
  }

  /** The object, unmodifiable; the values are the model's, which are immutable already. */
  Map<String, Object> done() {
    return Collections.unmodifiableMap(map);
  }
}
