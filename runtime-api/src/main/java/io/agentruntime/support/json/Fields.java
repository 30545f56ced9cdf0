// SPDX-License-Identifier: MIT

package io.agentruntime.support.json;

import io.agentruntime.error.AgentRuntimeException;
import io.agentruntime.error.StandardError;
import io.agentruntime.model.JsonValues;
import java.math.BigDecimal;
import java.time.DateTimeException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Function;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Reads one JSON-like object field by field and names the path of whatever is missing or wrong.
 *
 * <p>Confined to one thread. A field that is null counts as absent. All failures are {@code
 * INVALID_ARGUMENT}.
 */
final class Fields {
  private final String path;
  private final Map<?, ?> map;
  private final Set<String> asked = new TreeSet<>();

  /**
   * Reads a map.
   *
   * @param path where the map stands, empty for the outermost one
   * @param map the object
   */
  Fields(String path, Map<?, ?> map) {
    this.path = path;
    this.map = map;
  }

  /** The path of one of this object's fields. */
  String path(String key) {
    return path.isEmpty() ? key : path + "." + key;
  }

  /** Whether the field is there and not null. */
  boolean has(String key) {
    return get(key) != null;
  }

  /** The field's value as it is. */
  @Nullable Object get(String key) {
    asked.add(key);
    return map.get(key);
  }

  String text(String key) {
    return required(key, optionalText(key), "a text");
  }

  @Nullable String optionalText(String key) {
    return switch (get(key)) {
      case null -> null;
      case String text -> text;
      default -> throw wrong(key, "a text");
    };
  }

  boolean flag(String key) {
    return required(key, optionalFlag(key), "true or false");
  }

  boolean flag(String key, boolean whenAbsent) {
    Boolean value = optionalFlag(key);
    return value == null ? whenAbsent : value;
  }

  private @Nullable Boolean optionalFlag(String key) {
    return switch (get(key)) {
      case null -> null;
      case Boolean flag -> flag;
      default -> throw wrong(key, "true or false");
    };
  }

  long number(String key) {
    return required(key, optionalNumber(key), "an integer");
  }

  @Nullable Long optionalNumber(String key) {
    return switch (get(key)) {
      case null -> null;
      case Number number -> integer(key, number);
      default -> throw wrong(key, "an integer");
    };
  }

  int smallNumber(String key) {
    long value = number(key);
    if (value != (int) value) {
      throw wrong(key, "an integer of 32 bits");
    }
    return (int) value;
  }

  private long integer(String key, Number number) {
    try {
      return new BigDecimal(number.toString()).longValueExact();
    } catch (ArithmeticException | NumberFormatException e) {
      throw wrong(key, "an integer");
    }
  }

  /** A decimal number, written as a number or as a text (which keeps its scale). */
  @Nullable BigDecimal optionalDecimal(String key) {
    try {
      return switch (get(key)) {
        case null -> null;
        case String text -> new BigDecimal(text);
        case Number number -> new BigDecimal(number.toString());
        default -> throw wrong(key, "a number");
      };
    } catch (NumberFormatException e) {
      throw wrong(key, "a number");
    }
  }

  Instant instant(String key) {
    return required(key, optionalInstant(key), "a time");
  }

  /** A time, as ISO 8601 text or as milliseconds since 1970. */
  @Nullable Instant optionalInstant(String key) {
    try {
      return switch (get(key)) {
        case null -> null;
        case String text -> Instant.parse(text);
        case Number number -> Instant.ofEpochMilli(integer(key, number));
        default -> throw wrong(key, "a time");
      };
    } catch (DateTimeException e) {
      throw wrong(key, "a time such as 2026-01-31T12:00:00Z");
    }
  }

  <E extends Enum<E>> E choice(String key, Class<E> type) {
    return required(key, optionalChoice(key, type), choices(type));
  }

  /** An enum constant in lower case with '-' for '_'. */
  <E extends Enum<E>> @Nullable E optionalChoice(String key, Class<E> type) {
    String text = optionalText(key);
    if (text == null) {
      return null;
    }
    for (E constant : type.getEnumConstants()) {
      if (nameOf(constant).equals(text)) {
        return constant;
      }
    }
    throw wrong(key, choices(type));
  }

  private static String choices(Class<? extends Enum<?>> type) {
    List<String> names = new ArrayList<>();
    for (Enum<?> constant : type.getEnumConstants()) {
      names.add(nameOf(constant));
    }
    return "one of " + String.join(", ", names);
  }

  static String nameOf(Enum<?> constant) {
    return constant.name().toLowerCase(Locale.ROOT).replace('_', '-');
  }

  /** A text turned into something that may refuse it, such as an id. */
  <T> T parsed(String key, Function<String, T> parser) {
    String text = text(key);
    return at(key, () -> parser.apply(text));
  }

  <T> @Nullable T optionalParsed(String key, Function<String, T> parser) {
    return has(key) ? parsed(key, parser) : null;
  }

  /** Builds something from this field; a refusal is reported under the field's path. */
  <T> T at(String key, Supplier<T> builder) {
    return under(path(key), builder);
  }

  static <T> T under(String path, Supplier<T> builder) {
    try {
      return builder.get();
    } catch (AgentRuntimeException e) {
      if (e.code() != StandardError.INVALID_ARGUMENT) {
        throw e;
      }
      throw new AgentRuntimeException(
          StandardError.INVALID_ARGUMENT, path + ": " + e.getMessage(), e);
    }
  }

  Fields object(String key) {
    return required(key, optionalObject(key), "an object");
  }

  @Nullable Fields optionalObject(String key) {
    return switch (get(key)) {
      case null -> null;
      case Map<?, ?> object -> new Fields(path(key), object);
      default -> throw wrong(key, "an object");
    };
  }

  /** The objects of a list; none when the list is absent. */
  List<Fields> objects(String key) {
    List<Fields> objects = new ArrayList<>();
    List<?> list = list(key);
    for (int i = 0; i < list.size(); i++) {
      String at = path(key) + "[" + i + "]";
      if (!(list.get(i) instanceof Map<?, ?> object)) {
        throw AgentRuntimeException.invalid(at, "an object");
      }
      objects.add(new Fields(at, object));
    }
    return objects;
  }

  /** The texts of a list; none when the list is absent. */
  List<String> texts(String key) {
    List<String> texts = new ArrayList<>();
    List<?> list = list(key);
    for (int i = 0; i < list.size(); i++) {
      if (!(list.get(i) instanceof String text)) {
        throw AgentRuntimeException.invalid(path(key) + "[" + i + "]", "a text");
      }
      texts.add(text);
    }
    return texts;
  }

  private List<?> list(String key) {
    return switch (get(key)) {
      case null -> List.of();
      case List<?> list -> list;
      default -> throw wrong(key, "a list");
    };
  }

  /** A JSON-like object as it is; empty when absent. */
  Map<String, Object> values(String key) {
    Map<String, Object> values = optionalValues(key);
    return values == null ? Map.of() : values;
  }

  @Nullable Map<String, Object> optionalValues(String key) {
    Fields object = optionalObject(key);
    return object == null ? null : at(key, object::all);
  }

  /** This whole object as it is. */
  Map<String, Object> all() {
    @SuppressWarnings("unchecked") // The copy refuses what is not JSON-like.
    Map<String, ?> untyped = (Map<String, ?>) map;
    return JsonValues.copy(untyped);
  }

  /** Refuses every field that nobody has asked for. */
  void refuseOthers() {
    for (Object key : map.keySet()) {
      if (!(key instanceof String text) || !asked.contains(text)) {
        throw new AgentRuntimeException(
            StandardError.INVALID_ARGUMENT,
            path(String.valueOf(key)) + ": unknown field; known here are " + asked);
      }
    }
  }

  /** Whether the field is written, also when its value is null. */
  boolean isWritten(String key) {
    asked.add(key);
    return map.containsKey(key);
  }

  /** All keys of an object whose keys are not known beforehand. */
  List<String> keys() {
    List<String> keys = new ArrayList<>();
    for (Object key : map.keySet()) {
      if (!(key instanceof String text)) {
        throw AgentRuntimeException.invalid(path(String.valueOf(key)), "a text as its key");
      }
      keys.add(text);
    }
    return keys;
  }

  /** The path of this object itself. */
  String path() {
    return path;
  }

  /** The fields that nobody has asked for, as they are; afterwards all are. */
  Map<String, Object> others() {
    Map<String, Object> others = new LinkedHashMap<>(under(path, this::all));
    others.keySet().removeAll(asked);
    asked.addAll(others.keySet());
    return others;
  }

  AgentRuntimeException wrong(String key, String expected) {
    return AgentRuntimeException.invalid(path(key), expected);
  }

  private <T> T required(String key, @Nullable T value, String expected) {
    if (value == null) {
      throw AgentRuntimeException.invalid(path(key), expected + ", but it is missing");
    }
    return value;
  }
}
