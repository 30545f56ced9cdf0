// SPDX-License-Identifier: MIT

package io.agentruntime.app.config;

import io.agentruntime.error.AgentRuntimeException;
import io.agentruntime.error.StandardError;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Predicate;

/**
 * Settings as texts, each with the place it came from. Immutable.
 *
 * <p>Reading a malformed one throws {@code CONFIGURATION} with the place's own name for it, never
 * with the value: it may be a secret that went to the wrong place.
 */
final class Settings {
  /**
   * A value.
   *
   * @param text the value
   * @param source the name under which its author wrote it, for messages
   */
  record Value(String text, String source) {
    @Override
    public String toString() {
      return source;
    }
  }

  private final Map<String, Value> values;

  Settings(Map<String, Value> values) {
    this.values = Map.copyOf(values);
  }

  Optional<String> text(Setting setting) {
    Value value = values.get(setting.key());
    return value == null ? setting.defaultValue() : Optional.of(value.text());
  }

  String required(Setting setting) {
    return text(setting)
        .orElseThrow(() -> wrong(setting, "a value, but it is not set and has no default"));
  }

  long number(Setting setting, long least, long most) {
    String text = required(setting).strip();
    try {
      long number = Long.parseLong(text);
      if (number >= least && number <= most) {
        return number;
      }
    } catch (NumberFormatException e) {
      throw wrong(setting, "a whole number from " + least + " to " + most);
    }
    throw wrong(setting, "a whole number from " + least + " to " + most);
  }

  int small(Setting setting, int least, int most) {
    return Math.toIntExact(number(setting, least, most));
  }

  Duration millis(Setting setting) {
    return Duration.ofMillis(number(setting, 1, Duration.ofDays(365).toMillis()));
  }

  String oneOf(Setting setting, String... allowed) {
    String text = required(setting);
    for (String word : allowed) {
      if (word.equalsIgnoreCase(text)) {
        return word;
      }
    }
    throw wrong(setting, "one of " + String.join(", ", allowed));
  }

  List<String> list(Setting setting) {
    return Arrays.stream(required(setting).split(","))
        .map(String::strip)
        .filter(word -> !word.isEmpty())
        .toList();
  }

  Optional<Path> path(Setting setting) {
    return text(setting)
        .map(
            text -> {
              try {
                return Path.of(text).toAbsolutePath().normalize();
              } catch (InvalidPathException e) {
                throw wrong(setting, "a path");
              }
            });
  }

  /** The settings of providers, keys {@code <kind>.<id>.<key>}. */
  Map<String, String> ofProviders() {
    return others(key -> !SettingKeys.ofGateway().contains(key));
  }

  /** The settings that the transport of sockets reads by itself. */
  Map<String, String> ofGateway() {
    return others(SettingKeys.ofGateway()::contains);
  }

  private Map<String, String> others(Predicate<String> wanted) {
    Map<String, String> others = new LinkedHashMap<>();
    values.forEach(
        (key, value) -> {
          if (Setting.named(key).isEmpty() && wanted.test(key)) {
            others.put(key, value.text());
          }
        });
    return others;
  }

  AgentRuntimeException wrong(Setting setting, String expected) {
    Value value = values.get(setting.key());
    String name = value == null ? SettingKeys.PREFIX + setting.key() : value.source();
    return new AgentRuntimeException(
        StandardError.CONFIGURATION, "setting '" + name + "': expected " + expected);
  }
}
