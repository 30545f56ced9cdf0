// SPDX-License-Identifier: MIT

package io.agentruntime.model.event;

import io.agentruntime.model.JsonValues;
import java.util.Map;

/**
 * Where a turn's range of the process's output ended, so that the next one can begin there.
 *
 * @param stdoutOffset bytes of standard output decoded so far
 * @param stdinOffset bytes of standard input written so far
 * @param protocol the protocol's snapshot at that point, JSON-like
 */
public record RangeEnd(long stdoutOffset, long stdinOffset, Map<String, Object> protocol) {
  /** Copies the snapshot. */
  public RangeEnd {
    protocol = JsonValues.copy(protocol);
  }
}
