// SPDX-License-Identifier: MIT

package io.agentruntime.model;

import io.agentruntime.error.AgentRuntimeException;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * JSON-like values: {@code Map<String, …>}, {@code List}, {@code String}, {@code Boolean}, null and
 * the immutable numbers of the JDK. They cross the SPIs so that a provider is bound to no JSON
 * library.
 */
public final class JsonValues {
  /** How deep values may be nested; deeper ones are refused before they exhaust a stack. */
  public static final int MAX_DEPTH = 500;

  private JsonValues() {}

  /**
   * An unmodifiable deep copy that keeps the order.
   *
   * @throws AgentRuntimeException {@code INVALID_ARGUMENT} for what JSON does not have: other
   *     types, keys that are no text, infinite numbers, nesting deeper than {@link #MAX_DEPTH}
   */
  public static Map<String, Object> copy(Map<String, ?> map) {
    return copyObject(map, 1);
  }

  private static @Nullable Object copyValue(@Nullable Object value, int depth) {
    return switch (value) {
      case null -> null;
      case String s -> s;
      case Boolean b -> b;
      case Number n -> number(n);
      case Map<?, ?> m -> copyObject(m, depth + 1);
      case List<?> l -> copyList(l, depth + 1);
      default -> throw refused("not " + value.getClass().getName());
    };
  }

  private static Number number(Number number) {
    return switch (number) {
      case Integer i -> i;
      case Long l -> l;
      case Double d when Double.isFinite(d) -> d;
      case Float f when Float.isFinite(f) -> f;
      case BigDecimal b -> b;
      case BigInteger b -> b;
      case Short s -> s;
      case Byte b -> b;
      default -> throw refused("not the number " + number + " of " + number.getClass().getName());
    };
  }

  private static Map<String, Object> copyObject(Map<?, ?> map, int depth) {
    requireDepth(depth);
    Map<String, Object> copy = new LinkedHashMap<>();
    for (Map.Entry<?, ?> entry : map.entrySet()) {
      if (!(entry.getKey() instanceof String key)) {
        throw refused("no key like " + entry.getKey());
      }
      put(copy, key, copyValue(entry.getValue(), depth));
    }
    return Collections.unmodifiableMap(copy);
  }

  @SuppressWarnings("NullAway") // JSON objects hold nulls; the map's type cannot say so.
  private static void put(Map<String, Object> map, String key, @Nullable Object value) {
    map.put(key, value);
  }

  @SuppressWarnings("NullAway") // JSON arrays hold nulls; the list's type cannot say so.
  private static List<Object> copyList(List<?> list, int depth) {
    requireDepth(depth);
    List<Object> copy = new ArrayList<>(list.size());
    for (Object value : list) {
      copy.add(copyValue(value, depth));
    }
    return Collections.unmodifiableList(copy);
  }

  private static void requireDepth(int depth) {
    if (depth > MAX_DEPTH) {
      throw refused("nested at most " + MAX_DEPTH + " deep");
    }
  }

  private static AgentRuntimeException refused(String what) {
    return AgentRuntimeException.invalid(
        "JSON value", "a map with texts as keys, list, string, finite number or boolean, " + what);
  }
}
