// SPDX-License-Identifier: MIT

package io.agentruntime.architecture.support.json;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.StreamReadConstraints;
import com.fasterxml.jackson.core.type.TypeReference;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.io.IOException;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** JSON in and out, and lenient access: what is absent or of another type counts as absent. */
public final class Json {
  /** A line may hold an image; the core bounds lines, so this bound only has to be above its. */
  private static final int MAX_STRING = 1 << 28;

  private static final int MAX_DEPTH = 500;

  /** Thread-safe. */
  public static final ObjectMapper MAPPER =
      JsonMapper.builder(
              JsonFactory.builder()
                  .streamReadConstraints(
                      StreamReadConstraints.builder()
                          .maxStringLength(MAX_STRING)
                          .maxNestingDepth(MAX_DEPTH)
                          .build())
                  .build())
          .enable(DeserializationFeature.USE_BIG_DECIMAL_FOR_FLOATS)
          .build();

  private static final TypeReference<LinkedHashMap<String, Object>> OBJECT =
      new TypeReference<>() {};

  private Json() {}

  /** The object that a line holds; empty for anything else. */
  public static Optional<JsonNode> object(String line) {
    try {
      JsonNode node = MAPPER.readTree(line);
      return node != null && node.isObject() ? Optional.of(node) : Optional.empty();
    } catch (JsonProcessingException notJson) {
      return Optional.empty();
    }
  }

  /** Reads a part of a text token by token. */
  public static JsonParser parser(String text, int from, int length) throws IOException {
    // Copying the line is cheaper than a parser that reads characters one at a time.
    return MAPPER.getFactory().createParser(text.substring(from, from + length));
  }

  /** The JSON form of plain values. */
  public static String write(Object value) {
    try {
      return MAPPER.writeValueAsString(value);
    } catch (JsonProcessingException e) {
      throw new IllegalStateException("plain values always have a JSON form", e);
    }
  }

  /** A field's text; null when it is absent or no text. */
  public static @Nullable String text(JsonNode node, String field) {
    JsonNode value = node.path(field);
    return value.isTextual() ? value.textValue() : null;
  }

  /** A field's text; empty when it is absent or no text. */
  public static String textOr(JsonNode node, String field, String otherwise) {
    String text = text(node, field);
    return text == null ? otherwise : text;
  }

  /** A field's whole number; null when it is absent or no number. */
  public static @Nullable Long number(JsonNode node, String field) {
    JsonNode value = node.path(field);
    return value.isNumber() ? Long.valueOf(value.longValue()) : null;
  }

  /** A field's whole number, or another when it is absent or no number. */
  public static long numberOr(JsonNode node, String field, long otherwise) {
    JsonNode value = node.path(field);
    return value.isNumber() ? value.longValue() : otherwise;
  }

  /** Whether a field says yes. */
  public static boolean isTrue(JsonNode node, String field) {
    return node.path(field).asBoolean(false);
  }

  /** An object as plain values; empty for anything else. */
  public static Map<String, Object> map(JsonNode node) {
    return node.isObject() ? MAPPER.convertValue(node, OBJECT) : Map.of();
  }
}
