// SPDX-License-Identifier: MIT

package io.agentruntime.app.gateway.socketio;

import org.jspecify.annotations.Nullable;

/** Acknowledges one event. Thread-safe; only the first call counts. */
@FunctionalInterface
public interface Ack {
  /** Sends the acknowledgement with these arguments. Never blocks. */
  void send(@Nullable Object... args);
}
