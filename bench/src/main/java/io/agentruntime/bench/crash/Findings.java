// SPDX-License-Identifier: MIT

package io.agentruntime.bench.crash;

import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;

/** What was looked at, how often, and what was wrong with it. Thread-safe. */
final class Findings {
  private final Map<Check, Integer> looked = new EnumMap<>(Check.class);
  private final Map<Check, List<String>> wrong = new EnumMap<>(Check.class);

  /** Counts things that were looked at. */
  synchronized void looked(Check check, int things) {
    looked.merge(check, things, Integer::sum);
  }

  /** Something is wrong. */
  synchronized void violation(Check check, String what) {
    wrong.computeIfAbsent(check, key -> new ArrayList<>()).add(what);
  }

  /** Looks at one thing. */
  void require(Check check, boolean right, String otherwise) {
    looked(check, 1);
    if (!right) {
      violation(check, otherwise);
    }
  }

  synchronized int looked(Check check) {
    return looked.getOrDefault(check, 0);
  }

  synchronized List<String> violations(Check check) {
    return List.copyOf(wrong.getOrDefault(check, List.of()));
  }

  /** Whether nothing is wrong. */
  synchronized boolean isClean() {
    return wrong.isEmpty();
  }

  /** A line per check, and one per violation. */
  synchronized List<String> lines() {
    List<String> lines = new ArrayList<>();
    for (Check check : Check.values()) {
      List<String> found = wrong.getOrDefault(check, List.of());
      lines.add(
          "%-28s %6d looked at, %d wrong"
              .formatted(
                  check.name().toLowerCase(java.util.Locale.ROOT),
                  looked.getOrDefault(check, 0),
                  found.size()));
      found.forEach(what -> lines.add("  VIOLATION " + what));
    }
    return lines;
  }
}
