// SPDX-License-Identifier: MIT

package io.agentruntime.spi.persistence;

import io.agentruntime.error.AgentRuntimeException;
import io.agentruntime.model.event.EventEnvelope;
import io.agentruntime.model.session.SessionId;
import java.util.List;

/**
 * Events to append to one session's log.
 *
 * @param id the session
 * @param epoch the owner's epoch
 * @param expectedLast the number that must be the log's last before this append
 * @param events numbered from {@code expectedLast + 1} without gaps, at least one
 * @param openMessages how many messages wait or are being worked on once these events have
 *     happened: what {@link EventStore#unfinished} asks for
 */
public record AppendBatch(
    SessionId id,
    LeaseEpoch epoch,
    long expectedLast,
    List<EventEnvelope> events,
    int openMessages) {
  /** A batch after which no message is open. */
  public AppendBatch(
      SessionId id, LeaseEpoch epoch, long expectedLast, List<EventEnvelope> events) {
    this(id, epoch, expectedLast, events, 0);
  }

  /** Copies the list and checks the numbering. */
  public AppendBatch {
    events = List.copyOf(events);
    if (events.isEmpty()) {
      throw AgentRuntimeException.invalid("events", "at least one");
    }
    if (openMessages < 0) {
      throw AgentRuntimeException.invalid("openMessages", "0 or more");
    }
    long seq = expectedLast;
    for (EventEnvelope event : events) {
      seq++;
      if (event.seq() != seq || !event.sessionId().equals(id)) {
        throw AgentRuntimeException.invalid(
            "events", "event " + seq + " of session " + id + ", not " + event.seq());
      }
    }
  }
}
