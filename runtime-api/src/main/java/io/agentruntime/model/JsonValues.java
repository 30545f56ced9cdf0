package io.agentruntime.model;

import io.agentruntime.error.AgentRuntimeException;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * JSON-like values: {@code Map<String, …>}, {@code List}, {@code String}, {@code Number}, {@code
 * Boolean} and null. They cross the SPIs so that a provider is bound to no JSON library.
 */
public final class JsonValues {
  private JsonValues() {}

  /** An unmodifiable deep copy that keeps the order; refuses values that JSON does not have. */
  public static Map<String, Object> copy(Map<String, ?> map) {
    Map<String, Object> copy = new LinkedHashMap<>();
    map.forEach((key, value) -> put(copy, key, copyValue(value)));
    return Collections.unmodifiableMap(copy);
  }

  @SuppressWarnings("NullAway") // JSON objects hold nulls; the map's type cannot say so.
  private static void put(Map<String, Object> map, String key, @Nullable Object value) {
    map.put(key, value);
  }

  private static @Nullable Object copyValue(@Nullable Object value) {
    return switch (value) {
      case null -> null;
      case String s -> s;
      case Number n -> n;
      case Boolean b -> b;
      case Map<?, ?> m -> copyObject(m);
      case List<?> l -> copyList(l);
      default ->
          throw AgentRuntimeException.invalid(
              "JSON value", "a map, list, string, number or boolean, not " + value.getClass());
    };
  }

  private static Map<String, Object> copyObject(Map<?, ?> map) {
    Map<String, Object> copy = new LinkedHashMap<>();
    map.forEach((key, value) -> put(copy, String.valueOf(key), copyValue(value)));
    return Collections.unmodifiableMap(copy);
  }

  @SuppressWarnings("NullAway") // JSON arrays hold nulls; the list's type cannot say so.
  private static List<Object> copyList(List<?> list) {
    List<Object> copy = new ArrayList<>(list.size());
    for (Object value : list) {
      copy.add(copyValue(value));
    }
    return Collections.unmodifiableList(copy);
  }
}
