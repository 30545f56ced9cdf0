// SPDX-License-Identifier: MIT

package io.agentruntime.persistence.memory;

import io.agentruntime.error.AgentRuntimeException;
import io.agentruntime.error.StandardError;
import java.util.concurrent.atomic.AtomicLong;

/** Holds all sessions together to the limits. Thread-safe. */
final class MemoryBudget {
  private final MemoryLimits limits;
  private final AtomicLong used = new AtomicLong();

  MemoryBudget(MemoryLimits limits) {
    this.limits = limits;
  }

  /** How much is held in all. */
  long used() {
    return used.get();
  }

  /**
   * Adds to what is held, or refuses with {@code LIMIT_EXCEEDED}; shrinking always works.
   *
   * @param owner who grows, for the message
   * @param held how much the owner holds
   * @param change how much more, or less
   */
  void change(String owner, long held, long change) {
    if (change > 0 && held + change > limits.perSession()) {
      throw exceeded(owner, MemoryLimits.PER_SESSION, limits.perSession());
    }
    long now = used.addAndGet(change);
    if (change > 0 && now > limits.total()) {
      used.addAndGet(-change);
      throw exceeded(owner, MemoryLimits.TOTAL, limits.total());
    }
  }

  private static AgentRuntimeException exceeded(String owner, String setting, long limit) {
    return new AgentRuntimeException(
        StandardError.LIMIT_EXCEEDED,
        "persistence 'memory' cannot store more for "
            + owner
            + ": "
            + setting
            + " is "
            + limit
            + "; raise it, delete sessions or use a durable store");
  }
}
