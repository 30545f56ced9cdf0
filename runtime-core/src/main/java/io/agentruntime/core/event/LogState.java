// SPDX-License-Identifier: MIT

package io.agentruntime.core.event;

import io.agentruntime.model.event.EventEnvelope;

/** A fold of a log that the log keeps up to date with what is committed. */
public interface LogState {
  /** Applies the next event; called in order, one thread at a time. */
  void apply(EventEnvelope envelope);

  /** How many messages wait or are being worked on. */
  int openMessages();
}
