// SPDX-License-Identifier: MIT

package io.agentruntime.core.event;

import io.agentruntime.model.event.EventEnvelope;
import java.util.List;

/** Sees every committed event of every session; for embedding. */
@FunctionalInterface
public interface EventListener {
  /**
   * Called in order per session, from the log's writer thread: it must return at once. What it
   * throws is logged and does not harm others.
   */
  void onEvents(List<EventEnvelope> events);
}
