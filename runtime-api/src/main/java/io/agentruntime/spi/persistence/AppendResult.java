// SPDX-License-Identifier: MIT

package io.agentruntime.spi.persistence;

import io.agentruntime.error.AgentRuntimeException;

/** What became of an {@link AppendBatch}. */
public sealed interface AppendResult {
  /**
   * The events are in the log.
   *
   * @param last the log's last number now
   */
  record Appended(long last) implements AppendResult {}

  /**
   * A newer owner exists; nothing was appended.
   *
   * @param newest the newest epoch
   */
  record Fenced(LeaseEpoch newest) implements AppendResult {}

  /**
   * The log's last number is another than expected; nothing was appended.
   *
   * @param actualLast the log's last number
   */
  record Conflict(long actualLast) implements AppendResult {}

  /**
   * The store failed for this batch; it may be tried again.
   *
   * @param error why
   */
  record Failed(AgentRuntimeException error) implements AppendResult {}
}
