// SPDX-License-Identifier: MIT

package io.agentruntime.model.session;

import io.agentruntime.model.Ids;

/**
 * The id of a session; also the agent's own session id where the agent lets us choose it.
 *
 * @param value the text, at most 128 characters, safe as a file name
 */
public record SessionId(String value) {
  /** Checks the shape. */
  public SessionId {
    Ids.require("sessionId", value);
    if (value.length() > 128 || value.indexOf(':') >= 0) {
      throw io.agentruntime.error.AgentRuntimeException.invalid(
          "sessionId", "at most 128 characters, without ':'");
    }
  }

  @Override
  public String toString() {
    return value;
  }
}
