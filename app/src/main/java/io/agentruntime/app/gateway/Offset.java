// SPDX-License-Identifier: MIT

package io.agentruntime.app.gateway;

import io.agentruntime.error.AgentRuntimeException;
import io.agentruntime.model.session.SessionId;
import java.util.Optional;

/**
 * A client's place in a session's log, as it travels: the last argument of every event, which
 * clients of the protocol keep and send back when they connect again.
 *
 * @param session the session
 * @param seq the last event that the client has
 */
record Offset(SessionId session, long seq) {
  private static final int LONGEST_NUMBER = 18;

  /** {@code <session>:<number>}; a session's id has no colon. */
  String text() {
    return session.value() + ':' + seq;
  }

  /** Reads what {@link #text} wrote; empty for anything else. */
  static Optional<Offset> read(String text) {
    int colon = text.lastIndexOf(':');
    String number = text.substring(colon + 1);
    if (colon < 1
        || number.isEmpty()
        || number.length() > LONGEST_NUMBER
        || !number.chars().allMatch(c -> c >= '0' && c <= '9')) {
      return Optional.empty();
    }
    try {
      return Optional.of(
          new Offset(new SessionId(text.substring(0, colon)), Long.parseLong(number)));
    } catch (AgentRuntimeException e) {
      return Optional.empty();
    }
  }
}
