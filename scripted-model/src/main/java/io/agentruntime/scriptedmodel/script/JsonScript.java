// SPDX-License-Identifier: MIT

package io.agentruntime.scriptedmodel.script;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.type.TypeReference;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** The JSON form of a script: {@code [{"do":"write","path":"a.txt","content":"hi"}, …]}. */
final class JsonScript {

  private static final ObjectMapper JSON = new ObjectMapper();
  private static final TypeReference<LinkedHashMap<String, Object>> OBJECT =
      new TypeReference<>() {};

  private JsonScript() {}

  /** One entry: the step's name and its fields; objects and arrays stay JSON text. */
  record Entry(String name, Map<String, String> fields) {}

  /** Where the tag ends whose JSON value starts at {@code start}: the index of its {@code ]]}. */
  static int endOfValue(String text, int start) {
    try (JsonParser parser = JSON.createParser(text.substring(start))) {
      parser.nextToken();
      parser.skipChildren();
      int end = start + Math.toIntExact(parser.currentLocation().getCharOffset());
      while (end < text.length() && Character.isWhitespace(text.charAt(end))) {
        end++;
      }
      if (text.startsWith("]]", end)) {
        return end;
      }
    } catch (JsonProcessingException e) {
      throw new ScriptException("[[json: is not JSON: " + e.getOriginalMessage());
    } catch (IOException e) {
      throw new ScriptException("[[json: is not JSON: " + e.getMessage());
    }
    throw new ScriptException("[[json: wants one JSON array or object and then ]]");
  }

  static List<Entry> entries(String json) {
    JsonNode root = read(json);
    List<Entry> entries = new ArrayList<>();
    if (root.isArray()) {
      root.forEach(node -> entries.add(entry(node)));
    } else {
      entries.add(entry(root));
    }
    return entries;
  }

  static Map<String, Object> object(String json) {
    return JSON.convertValue(read(json), OBJECT);
  }

  private static Entry entry(JsonNode node) {
    JsonNode name = node.path("do");
    if (!node.isObject() || !name.isTextual()) {
      throw new ScriptException("A step in JSON is an object whose field \"do\" names the step");
    }
    Map<String, String> fields = new LinkedHashMap<>();
    node.properties()
        .forEach(
            field -> {
              JsonNode value = field.getValue();
              fields.put(field.getKey(), value.isTextual() ? value.textValue() : value.toString());
            });
    fields.remove("do");
    return new Entry(name.textValue(), fields);
  }

  private static JsonNode read(String json) {
    try {
      JsonNode root = JSON.readTree(json);
      if (root.isContainerNode()) {
        return root;
      }
    } catch (JsonProcessingException e) {
      throw new ScriptException("Not JSON: " + e.getOriginalMessage());
    }
    throw new ScriptException("A JSON object or array is wanted");
  }
}
