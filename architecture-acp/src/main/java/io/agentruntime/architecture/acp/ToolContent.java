// SPDX-License-Identifier: MIT

package io.agentruntime.architecture.acp;

import com.fasterxml.jackson.databind.JsonNode;
import io.agentruntime.architecture.support.json.Json;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** What tools are given and return, in the protocol's form. Stateless. */
final class ToolContent {
  /** Where programs put the exit code of a command; the protocol has no field for it. */
  private static final List<String> EXIT_CODES = List.of("exitCode", "exit_code", "exit");

  private ToolContent() {}

  /** Arguments; one that is no object stands alone. */
  static Map<String, Object> input(JsonNode rawInput) {
    if (rawInput.isMissingNode() || rawInput.isNull()) {
      return Map.of();
    }
    return rawInput.isObject()
        ? Json.map(rawInput)
        : Map.of("value", Json.MAPPER.convertValue(rawInput, Object.class));
  }

  /** The texts in it, one after the other. */
  static String text(JsonNode content) {
    StringBuilder text = new StringBuilder();
    for (JsonNode part : content) {
      if (Json.textOr(part, "type", "").equals("content")) {
        text.append(Json.textOr(part.path("content"), "text", ""));
      }
    }
    return text.toString();
  }

  /** What a tool that has ended returned. */
  static String output(JsonNode content, JsonNode rawOutput) {
    String text = text(content);
    if (!text.isEmpty() || rawOutput.isMissingNode() || rawOutput.isNull()) {
      return text;
    }
    if (rawOutput.isTextual()) {
      return rawOutput.textValue();
    }
    return Json.textOr(rawOutput, "output", Json.textOr(rawOutput, "error", ""));
  }

  /** Differences of files, places, terminals, the exit code and the rest of the raw answer. */
  static void details(
      Map<String, Object> details,
      JsonNode content,
      JsonNode rawOutput,
      JsonNode locations,
      String output) {
    Integer exitCode = exitCode(rawOutput);
    if (exitCode != null) {
      details.put("exitCode", exitCode);
    }
    List<Object> diffs = new ArrayList<>();
    List<Object> others = new ArrayList<>();
    for (JsonNode part : content) {
      switch (Json.textOr(part, "type", "")) {
        case "diff" -> diffs.add(diff(part));
        case "content" -> {
          if (!Json.textOr(part.path("content"), "type", "text").equals("text")) {
            others.add(Json.map(part.path("content")));
          }
        }
        default -> others.add(Json.map(part));
      }
    }
    put(details, "diffs", diffs);
    put(details, "content", others);
    List<Object> places = new ArrayList<>();
    locations.forEach(place -> places.add(Json.map(place)));
    put(details, "locations", places);
    if (rawOutput.isObject()) {
      Map<String, Object> rest = without(Json.map(rawOutput), output);
      if (!rest.isEmpty()) {
        details.put("rawOutput", rest);
      }
    }
  }

  private static Map<String, Object> diff(JsonNode part) {
    Map<String, Object> diff = new LinkedHashMap<>();
    diff.put("path", Json.textOr(part, "path", ""));
    diff.put("oldText", Json.textOr(part, "oldText", ""));
    diff.put("newText", Json.textOr(part, "newText", ""));
    return diff;
  }

  private static @org.jspecify.annotations.Nullable Integer exitCode(JsonNode rawOutput) {
    for (JsonNode where : List.of(rawOutput, rawOutput.path("metadata"))) {
      for (String name : EXIT_CODES) {
        if (where.path(name).isInt()) {
          return where.path(name).intValue();
        }
      }
    }
    return null;
  }

  private static void put(Map<String, Object> details, String name, List<Object> values) {
    if (!values.isEmpty()) {
      details.put(name, values);
    }
  }

  /** Without copies of the output, which programs repeat. */
  private static Map<String, Object> without(Map<String, Object> raw, String output) {
    Map<String, Object> rest = new LinkedHashMap<>();
    raw.forEach(
        (name, value) -> {
          if (value instanceof Map<?, ?> nested) {
            Map<String, Object> inner = new LinkedHashMap<>();
            nested.forEach(
                (key, each) -> {
                  if (!output.equals(each)) {
                    inner.put(String.valueOf(key), each);
                  }
                });
            rest.put(name, inner);
          } else if (!output.equals(value)) {
            rest.put(name, value);
          }
        });
    return rest;
  }
}
