// SPDX-License-Identifier: MIT

package io.agentruntime.scriptedmodel.play;

import java.util.LinkedHashMap;
import java.util.Map;

/**
 * Counts how often the same request was made: the one thing that the conversation does not tell.
 * Thread-safe; bounded, forgets the longest unused; empty after a restart.
 */
final class Attempts {

  private static final int CAPACITY = 10_000;

  private final Map<String, Integer> counts = new LinkedHashMap<>(64, 0.75f, true);

  /** How often this was counted before this call. */
  synchronized int next(String what) {
    String key = Hashes.sha256(what);
    int before = counts.merge(key, 1, Integer::sum) - 1;
    if (counts.size() > CAPACITY) {
      counts.remove(counts.keySet().iterator().next());
    }
    return before;
  }
}
