// SPDX-License-Identifier: MIT

package io.agentruntime.architecture.support.protocol;

import io.agentruntime.model.turn.Usage;
import java.util.Map;

/** Usage as a part of a protocol's snapshot. */
public final class UsageState {
  private UsageState() {}

  /** Adds the usage to a snapshot. */
  public static void write(Usage usage, Map<String, Object> snapshot) {
    snapshot.put("inputTokens", usage.inputTokens());
    snapshot.put("outputTokens", usage.outputTokens());
    snapshot.put("cacheReadTokens", usage.cacheReadTokens());
    snapshot.put("cacheWriteTokens", usage.cacheWriteTokens());
  }

  /** The usage in a snapshot; what is absent counts as nothing. */
  public static Usage read(Map<String, Object> snapshot) {
    return new Usage(
        number(snapshot, "inputTokens"),
        number(snapshot, "outputTokens"),
        number(snapshot, "cacheReadTokens"),
        number(snapshot, "cacheWriteTokens"));
  }

  private static long number(Map<String, Object> snapshot, String key) {
    return snapshot.get(key) instanceof Number number ? number.longValue() : 0;
  }
}
