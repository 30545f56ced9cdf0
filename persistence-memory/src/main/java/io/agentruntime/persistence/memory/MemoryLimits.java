// SPDX-License-Identifier: MIT

package io.agentruntime.persistence.memory;

import io.agentruntime.error.AgentRuntimeException;
import io.agentruntime.error.StandardError;
import io.agentruntime.spi.ProviderContext;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;

/**
 * How much the store may hold. What is counted is an estimate of the heap that events, transcripts
 * and files take.
 *
 * @param perSession bytes for one session, setting {@code max-session-bytes}, default 256 MiB
 * @param total bytes for all sessions, setting {@code max-total-bytes}, default half of the heap
 */
record MemoryLimits(long perSession, long total) {
  static final String PER_SESSION = "max-session-bytes";
  static final String TOTAL = "max-total-bytes";

  static MemoryLimits of(ProviderContext context) {
    Set<String> unknown = new TreeSet<>(context.settingKeys());
    unknown.removeAll(Set.of(PER_SESSION, TOTAL));
    if (!unknown.isEmpty()) {
      throw new AgentRuntimeException(
          StandardError.CONFIGURATION, "persistence 'memory' knows no setting " + unknown);
    }
    return new MemoryLimits(
        bytes(context, PER_SESSION, 256L << 20),
        bytes(context, TOTAL, Runtime.getRuntime().maxMemory() / 2));
  }

  private static long bytes(ProviderContext context, String key, long whenAbsent) {
    Optional<String> setting = context.setting(key);
    try {
      long bytes = setting.isPresent() ? Long.parseLong(setting.get().strip()) : whenAbsent;
      if (bytes > 0) {
        return bytes;
      }
    } catch (NumberFormatException e) {
      // Falls through to the one refusal below.
    }
    throw new AgentRuntimeException(
        StandardError.CONFIGURATION,
        "persistence 'memory': " + key + " must be a number of bytes above 0");
  }
}
