// SPDX-License-Identifier: MIT

package io.agentruntime.spi.persistence;

import io.agentruntime.error.AgentRuntimeException;

/**
 * The rising number under which a session is owned; a write under an older one is refused.
 *
 * @param value from 1; 0 where the adapter has no leases
 */
public record LeaseEpoch(long value) implements Comparable<LeaseEpoch> {
  /** Checks the range. */
  public LeaseEpoch {
    if (value < 0) {
      throw AgentRuntimeException.invalid("epoch", "0 or more");
    }
  }

  /** The epoch used with adapters that have no leases. */
  public static final LeaseEpoch NONE = new LeaseEpoch(0);

  @Override
  public int compareTo(LeaseEpoch other) {
    return Long.compare(value, other.value);
  }
}
