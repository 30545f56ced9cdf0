// SPDX-License-Identifier: MIT

package io.agentruntime.testkit.program;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.Map;
import java.util.Set;
import java.util.function.Predicate;
import java.util.function.UnaryOperator;

/**
 * Copies of JSON with listed fields alone. What is not listed is left out at every depth, so that a
 * newer version of a program adds nothing to a recording unseen. Immutable.
 *
 * @param kept fields that are kept, and what is in them as far as it is listed
 * @param whole fields that are kept with all that is in them: what the script itself gave
 * @param mapped fields that are kept as something else
 */
public record JsonWhitelist(
    Predicate<String> kept, Set<String> whole, Map<String, UnaryOperator<JsonNode>> mapped) {
  /** Copies the collections. */
  public JsonWhitelist {
    whole = Set.copyOf(whole);
    mapped = Map.copyOf(mapped);
  }

  /** What is left of a value; scalars stay. */
  public JsonNode of(JsonNode node) {
    return switch (node) {
      case ArrayNode array -> {
        ArrayNode copy = JsonNodeFactory.instance.arrayNode();
        array.forEach(each -> copy.add(of(each)));
        yield copy;
      }
      case ObjectNode object -> {
        ObjectNode copy = JsonNodeFactory.instance.objectNode();
        object.properties().forEach(field -> add(copy, field.getKey(), field.getValue()));
        yield copy;
      }
      default -> node;
    };
  }

  private void add(ObjectNode copy, String name, JsonNode value) {
    UnaryOperator<JsonNode> mapping = mapped.get(name);
    if (mapping != null) {
      copy.set(name, mapping.apply(value));
    } else if (whole.contains(name)) {
      copy.set(name, value.deepCopy());
    } else if (kept.test(name)) {
      copy.set(name, of(value));
    }
  }
}
