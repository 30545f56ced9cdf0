// SPDX-License-Identifier: MIT

package io.agentruntime.testkit.architecture;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;

/**
 * What can become of lines on their way: lost, doubled, in another order, cut off, with other
 * values, types and fields, with characters that were no UTF-8, with lines of others between them.
 * The same seed does the same damage. One thread at a time.
 */
final class LineDamage {
  private static final int KINDS = 9;
  private static final int ONE_IN = 4;
  private static final ObjectMapper MAPPER = new ObjectMapper();
  private static final JsonNodeFactory NODES = JsonNodeFactory.instance;

  private final Random random;

  LineDamage(long seed) {
    this.random = new Random(seed);
  }

  /** The lines with damage in a quarter of them; sometimes all in another order too. */
  List<String> of(List<String> lines) {
    List<String> damaged = new ArrayList<>();
    for (String line : lines) {
      if (random.nextInt(ONE_IN) == 0) {
        damage(line, damaged);
      } else {
        damaged.add(line);
      }
    }
    if (random.nextInt(2 * ONE_IN) == 0) {
      Collections.shuffle(damaged, random);
    }
    return damaged;
  }

  private void damage(String line, List<String> into) {
    switch (random.nextInt(KINDS)) {
      case 0 -> {
        // Lost.
      }
      case 1 -> {
        into.add(line);
        into.add(line);
      }
      case 2 -> into.add(line.substring(0, random.nextInt(line.length() + 1)));
      case 3 -> into.add(Math.max(0, into.size() - 1 - random.nextInt(3)), line);
      case 4 -> {
        int at = random.nextInt(line.length() + 1);
        into.add(line.substring(0, at) + survivor() + line.substring(at));
      }
      case 5 -> into.add(withUnknownField(line));
      case 6 -> into.add(withUnknownType(line));
      case 7 -> {
        into.add(line);
        into.add(random.nextBoolean() ? text() : garbage());
      }
      default -> into.add(withOtherValue(line));
    }
  }

  private String garbage() {
    return ProtocolContract.GARBAGE.get(random.nextInt(ProtocolContract.GARBAGE.size()));
  }

  /** What a lenient decoder makes of bytes that are no UTF-8, and what no text should hold. */
  private String survivor() {
    return switch (random.nextInt(4)) {
      case 0 -> "\ufffd";
      case 1 -> "\ud83d";
      case 2 -> "\u0000";
      default -> String.valueOf((char) random.nextInt(0x10000));
    };
  }

  /** A line of JSON with a field that nobody knows; other lines stay. */
  static String withUnknownField(String line) {
    if (!(parsed(line) instanceof ObjectNode object)) {
      return line;
    }
    ObjectNode first = NODES.objectNode();
    first.putObject("zzUnknown").put("a", 1).putArray("b").addNull().add("x");
    first.setAll(object);
    return first.put("zzUnknownToo", "x").toString();
  }

  /** A line of JSON of a type that nobody knows, wherever its type stands. */
  private static String withUnknownType(String line) {
    return line.replaceFirst("\"(type|method|subtype|sessionUpdate)\":\"", "\"$1\":\"zz-unknown-");
  }

  private String withOtherValue(String line) {
    JsonNode node = parsed(line);
    if (node == null) {
      return text();
    }
    change(node);
    return node.toString();
  }

  private static @org.jspecify.annotations.Nullable JsonNode parsed(String line) {
    try {
      return MAPPER.readTree(line);
    } catch (JsonProcessingException e) {
      return null;
    }
  }

  /** Puts a value of another kind somewhere. */
  private void change(JsonNode node) {
    switch (node) {
      case ObjectNode object when !object.isEmpty() -> {
        List<String> names = new ArrayList<>();
        object.fieldNames().forEachRemaining(names::add);
        String name = names.get(random.nextInt(names.size()));
        JsonNode inner = object.path(name);
        if (inner.isContainerNode() && random.nextInt(3) > 0) {
          change(inner);
        } else if (random.nextInt(3) == 0) {
          object.remove(name);
        } else {
          object.set(name, value());
        }
      }
      case ArrayNode array when !array.isEmpty() -> {
        int index = random.nextInt(array.size());
        if (array.path(index).isContainerNode() && random.nextInt(3) > 0) {
          change(array.path(index));
        } else {
          array.set(index, value());
        }
      }
      default -> {
        // Nothing to change in an empty container.
      }
    }
  }

  private JsonNode value() {
    return switch (random.nextInt(8)) {
      case 0 -> NODES.nullNode();
      case 1 -> NODES.numberNode(random.nextLong());
      case 2 -> NODES.numberNode(random.nextDouble() * 1e300);
      case 3 -> NODES.booleanNode(random.nextBoolean());
      case 4 -> NODES.objectNode().put("x", 1);
      case 5 -> NODES.arrayNode().add("x").add(1);
      case 6 -> NODES.textNode("main");
      default -> NODES.textNode(text());
    };
  }

  private String text() {
    StringBuilder text = new StringBuilder();
    int length = random.nextInt(300);
    for (int i = 0; i < length; i++) {
      char c =
          (char) (random.nextInt(10) == 0 ? random.nextInt(0x10000) : ' ' + random.nextInt(95));
      text.append(c == '\n' ? ' ' : c);
    }
    return text.toString();
  }
}
