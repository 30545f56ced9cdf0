// SPDX-License-Identifier: MIT

package io.agentruntime.bench;

import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;

/** Whole numbers by name, each with a default. Immutable. */
public final class Settings {
  private final Map<String, Integer> values;

  private Settings(Map<String, Integer> values) {
    this.values = values;
  }

  /** These, by name. */
  public static Settings of(Map<String, Integer> defaults) {
    return new Settings(new TreeMap<>(defaults));
  }

  /** The value of a name that is there. */
  public int get(String name) {
    return Objects.requireNonNull(values.get(name), name);
  }

  /**
   * With one of them changed.
   *
   * @param argument {@code NAME=NUMBER}
   * @throws IllegalArgumentException if it is not that, or no name of these
   */
  Settings with(String argument) {
    String[] pair = argument.split("=", 2);
    if (pair.length < 2 || !values.containsKey(pair[0]) || !pair[1].matches("\\d{1,9}")) {
      throw new IllegalArgumentException(
          "not a setting of this measurement: " + argument + "; it has " + this);
    }
    Map<String, Integer> changed = new TreeMap<>(values);
    changed.put(pair[0], Integer.parseInt(pair[1]));
    return new Settings(changed);
  }

  @Override
  public String toString() {
    return values.toString();
  }
}
