// SPDX-License-Identifier: MIT

package io.agentruntime.model.conversation;

import io.agentruntime.model.Ids;

/**
 * Which conversation of a session: the main one, or a subagent's, named by the tool use that
 * started it.
 *
 * @param value {@code main} or a tool use id
 */
public record ConversationId(String value) {
  /** The main conversation. */
  public static final ConversationId MAIN = new ConversationId("main");

  /** Checks the shape. */
  public ConversationId {
    Ids.require("conversationId", value);
  }

  /** Whether this is the main conversation. */
  public boolean isMain() {
    return value.equals("main");
  }

  @Override
  public String toString() {
    return value;
  }
}
