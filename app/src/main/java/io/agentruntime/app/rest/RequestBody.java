// SPDX-License-Identifier: MIT

package io.agentruntime.app.rest;

import io.agentruntime.app.error.HttpError;
import io.agentruntime.app.error.ValidationException;
import io.agentruntime.app.error.ValidationIssue;
import io.agentruntime.app.json.Json;
import io.agentruntime.app.json.MalformedJsonException;
import io.agentruntime.error.AgentRuntimeException;
import io.micronaut.http.HttpRequest;
import io.micronaut.http.MediaType;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * A request's JSON object, read field by field. Collects what is wrong, so that a client is told of
 * everything at once: call {@link #check()} before using what was read. Confined to one thread.
 *
 * <p>A body of another content type counts as an empty object.
 */
final class RequestBody {
  private final Map<?, ?> fields;
  private final List<ValidationIssue> issues = new ArrayList<>();

  private RequestBody(Map<?, ?> fields) {
    this.fields = fields;
  }

  /** Reads a body that must be there. */
  static RequestBody of(HttpRequest<?> request, byte @Nullable [] body) {
    boolean json =
        request
            .getContentType()
            .map(MediaType::getSubtype)
            .filter(type -> type.equals("json") || type.endsWith("+json"))
            .isPresent();
    if (!json) {
      return new RequestBody(Map.of());
    }
    try {
      Object value = Json.read(body == null ? new byte[0] : body);
      if (value instanceof Map<?, ?> map) {
        return new RequestBody(map);
      }
      throw new ValidationException(List.of(wrongType(List.of(), "object", value)));
    } catch (MalformedJsonException e) {
      throw new AgentRuntimeException(
          HttpError.MALFORMED_JSON, "Malformed JSON in request body", e);
    }
  }

  /** All fields, as they are. */
  Map<String, Object> fields() {
    return copy(fields);
  }

  /** Whether the field is there, be it null. */
  boolean has(String name) {
    return fields.containsKey(name);
  }

  /** A text that must be there; empty, after noting it, when it is not. */
  String text(String name) {
    Object value = fields.get(name);
    if (value instanceof String text) {
      return text;
    }
    note(name, "string", value);
    return "";
  }

  @Nullable String optionalText(String name) {
    return fields.get(name) == null ? null : text(name);
  }

  /** An object that must be there. */
  Map<String, Object> object(String name) {
    Object value = fields.get(name);
    if (value instanceof Map<?, ?> map) {
      return copy(map);
    }
    note(name, "object", value);
    return Map.of();
  }

  @Nullable Map<String, Object> optionalObject(String name) {
    return fields.get(name) == null ? null : object(name);
  }

  /** True or false, which must be there. */
  boolean flag(String name) {
    Object value = fields.get(name);
    if (value instanceof Boolean flag) {
      return flag;
    }
    note(name, "boolean", value);
    return false;
  }

  /** A list of texts that must be there. */
  List<String> texts(String name) {
    List<String> texts = new ArrayList<>();
    int index = 0;
    for (Object element : list(name)) {
      if (element instanceof String text) {
        texts.add(text);
      } else {
        issues.add(wrongType(List.of(name, index), "string", element));
      }
      index++;
    }
    return texts;
  }

  /** A list that must be there. */
  List<?> list(String name) {
    Object value = fields.get(name);
    if (value instanceof List<?> list) {
      return list;
    }
    note(name, "array", value);
    return List.of();
  }

  /** One of an enum's names in lower case, or the default when the field is absent. */
  <E extends Enum<E>> E choice(String name, Class<E> type, E whenAbsent) {
    Object value = fields.get(name);
    if (value == null) {
      return whenAbsent;
    }
    List<String> options = new ArrayList<>();
    for (E constant : type.getEnumConstants()) {
      String label = constant.name().toLowerCase(Locale.ROOT);
      if (label.equals(value)) {
        return constant;
      }
      options.add(label);
    }
    if (value instanceof String text) {
      issues.add(
          new ValidationIssue(
              "invalid_enum_value",
              List.of(name),
              "Invalid enum value. Expected '"
                  + String.join("' | '", options)
                  + "', received '"
                  + text
                  + "'",
              null,
              text,
              options));
    } else {
      note(name, "string", value);
    }
    return whenAbsent;
  }

  /** A value of any type, which must be there. */
  Optional<Object> value(String name) {
    return Optional.ofNullable(fields.get(name));
  }

  /** Notes that a field does not have the type that it should have. */
  void note(String name, String expected, @Nullable Object value) {
    issues.add(
        fields.containsKey(name)
            ? wrongType(List.of(name), expected, value)
            : new ValidationIssue(
                "invalid_type", List.of(name), "Required", expected, "undefined", null));
  }

  /** Notes that something about a field is wrong. */
  void note(List<Object> path, String message) {
    issues.add(new ValidationIssue("custom", path, message, null, null, null));
  }

  /** Refuses the request if anything about it is wrong. */
  void check() {
    if (!issues.isEmpty()) {
      throw new ValidationException(issues);
    }
  }

  private static ValidationIssue wrongType(
      List<Object> path, String expected, @Nullable Object value) {
    String received =
        switch (value) {
          case null -> "null";
          case String s -> "string";
          case Number n -> "number";
          case Boolean b -> "boolean";
          case List<?> l -> "array";
          default -> "object";
        };
    return new ValidationIssue(
        "invalid_type",
        path,
        "Expected " + expected + ", received " + received,
        expected,
        received,
        null);
  }

  private static Map<String, Object> copy(Map<?, ?> map) {
    Map<String, Object> copy = new LinkedHashMap<>();
    map.forEach((key, value) -> copy.put(String.valueOf(key), value));
    return copy;
  }
}
