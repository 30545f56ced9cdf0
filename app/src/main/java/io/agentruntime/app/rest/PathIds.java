// SPDX-License-Identifier: MIT

package io.agentruntime.app.rest;

import io.agentruntime.app.error.HttpError;
import io.agentruntime.error.AgentRuntimeException;
import io.agentruntime.error.StandardError;
import io.agentruntime.model.session.SessionId;
import io.agentruntime.model.turn.MessageId;

/** Ids in paths: one that cannot be an id is one that nothing has. Stateless. */
final class PathIds {
  private PathIds() {}

  static SessionId session(String id) {
    try {
      return new SessionId(id);
    } catch (AgentRuntimeException e) {
      throw new AgentRuntimeException(StandardError.SESSION_NOT_FOUND, "Session not found", e);
    }
  }

  static MessageId message(String id) {
    try {
      return new MessageId(id);
    } catch (AgentRuntimeException e) {
      throw new AgentRuntimeException(HttpError.MESSAGE_NOT_FOUND, "No such message waits", e);
    }
  }
}
