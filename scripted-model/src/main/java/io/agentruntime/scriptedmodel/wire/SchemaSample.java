// SPDX-License-Identifier: MIT

package io.agentruntime.scriptedmodel.wire;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.Locale;

/** The simplest value that a JSON schema allows; for answers that must have a form, like titles. */
public final class SchemaSample {

  private static final String WORDS = "Scripted session";
  private static final int MAX_DEPTH = 16;
  private static final JsonNodeFactory JSON = JsonNodeFactory.instance;

  private final JsonNode root;

  private SchemaSample(JsonNode root) {
    this.root = root;
  }

  /** The value; vendors write the names of types in small or in capital letters. */
  public static JsonNode of(JsonNode schema) {
    return new SchemaSample(schema).value(schema, 0);
  }

  private JsonNode value(JsonNode schema, int depth) {
    if (depth > MAX_DEPTH) {
      return JSON.nullNode();
    }
    if (schema.has("$ref")) {
      String reference = schema.path("$ref").asText();
      return reference.startsWith("#/")
          ? value(root.at(reference.substring(1)), depth + 1)
          : JSON.nullNode();
    }
    if (schema.has("const")) {
      return schema.get("const");
    }
    if (schema.path("enum").has(0)) {
      return schema.get("enum").get(0);
    }
    for (String choice : new String[] {"anyOf", "oneOf", "allOf"}) {
      if (schema.path(choice).has(0)) {
        return value(schema.get(choice).get(0), depth + 1);
      }
    }
    return byType(schema, depth);
  }

  private JsonNode byType(JsonNode schema, int depth) {
    JsonNode type = schema.path("type");
    String name = (type.isArray() ? type.path(0) : type).asText("").toLowerCase(Locale.ROOT);
    return switch (name) {
      case "string" -> JSON.textNode(WORDS);
      case "integer", "number" -> JSON.numberNode(schema.path("minimum").asLong(1));
      case "boolean" -> JSON.booleanNode(false);
      case "null" -> JSON.nullNode();
      case "array" -> array(schema, depth);
      default -> object(schema, depth);
    };
  }

  private JsonNode array(JsonNode schema, int depth) {
    ArrayNode array = JSON.arrayNode();
    int count = Math.clamp(schema.path("minItems").asInt(0), 0, 100);
    for (int i = 0; i < count; i++) {
      array.add(value(schema.path("items"), depth + 1));
    }
    return array;
  }

  private JsonNode object(JsonNode schema, int depth) {
    ObjectNode object = JSON.objectNode();
    for (JsonNode name : schema.path("required")) {
      object.set(name.asText(), value(schema.path("properties").path(name.asText()), depth + 1));
    }
    return object;
  }
}
