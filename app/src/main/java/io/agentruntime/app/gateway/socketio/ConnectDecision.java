// SPDX-License-Identifier: MIT

package io.agentruntime.app.gateway.socketio;

import org.jspecify.annotations.Nullable;

/** Whether a client may join. */
public sealed interface ConnectDecision {
  /**
   * It may.
   *
   * @param attachment what the handler wants to find again at the socket; may be null
   * @param recoveryId what the client is to name when it connects again, together with the last
   *     argument of the last event that it got; null if it cannot come back to where it was
   */
  record Accept(@Nullable Object attachment, @Nullable String recoveryId)
      implements ConnectDecision {
    @Override
    public String toString() {
      return "Accept";
    }
  }

  /**
   * It may not: its {@code connect_error} says so.
   *
   * @param message the error's message
   * @param data further facts for the client's program; may be null
   */
  record Reject(String message, @Nullable Object data) implements ConnectDecision {}

  /** It may, with nothing attached. */
  static ConnectDecision accept() {
    return new Accept(null, null);
  }

  /** It may. */
  static ConnectDecision accept(Object attachment) {
    return new Accept(attachment, null);
  }

  /** It may not. */
  static ConnectDecision reject(String message) {
    return new Reject(message, null);
  }
}
