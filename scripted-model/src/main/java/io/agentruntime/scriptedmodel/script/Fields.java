// SPDX-License-Identifier: MIT

package io.agentruntime.scriptedmodel.script;

import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** The arguments of one step by name, whether they came from a tag or from JSON. */
record Fields(String step, Map<String, String> values) {

  static Fields ofTag(String step, List<String> names, String argument) {
    Map<String, String> values = new LinkedHashMap<>();
    if (names.isEmpty()) {
      if (!argument.isBlank()) {
        throw new ScriptException("[[" + step + "]] takes no argument");
      }
      return new Fields(step, values);
    }
    List<String> fields = TagText.fields(argument, names.size());
    for (int i = 0; i < fields.size(); i++) {
      if (!fields.get(i).isEmpty()) {
        values.put(names.get(i), fields.get(i));
      }
    }
    return new Fields(step, values);
  }

  void allowOnly(Set<String> names) {
    for (String name : values.keySet()) {
      if (!names.contains(name)) {
        throw new ScriptException(step + " has no field " + name + "; it has " + names);
      }
    }
  }

  Optional<String> optional(String name) {
    return Optional.ofNullable(values.get(name));
  }

  String text(String name) {
    return optional(name).orElse("");
  }

  String required(String name) {
    return optional(name)
        .filter(value -> !value.isBlank())
        .orElseThrow(() -> new ScriptException(step + " wants a " + name));
  }

  boolean flag(String name) {
    return Boolean.parseBoolean(text(name));
  }

  int number(String name, int fallback, int min, int max) {
    String value = optional(name).map(String::strip).orElse("");
    if (value.isEmpty()) {
      return fallback;
    }
    try {
      int number = Integer.parseInt(value);
      if (number >= min && number <= max) {
        return number;
      }
    } catch (NumberFormatException e) {
      throw new ScriptException(step + " wants a number as " + name + ", not " + value);
    }
    throw new ScriptException(step + " wants a " + name + " from " + min + " to " + max);
  }

  Duration millis(String name, int max) {
    return Duration.ofMillis(number(name, 0, 0, max));
  }
}
