// SPDX-License-Identifier: MIT

package io.agentruntime.spi.persistence;

import io.agentruntime.model.event.EventEnvelope;
import java.util.List;

/**
 * Part of a log.
 *
 * @param events in order
 * @param last the log's last number when it was read
 * @param complete false when events after the asked-for number have been dropped by retention (not
 *     by {@link EventStore#compact}), so that the reader must begin from the current state instead
 */
public record EventPage(List<EventEnvelope> events, long last, boolean complete) {
  /** Copies the list. */
  public EventPage {
    events = List.copyOf(events);
  }
}
