// SPDX-License-Identifier: MIT

package io.agentruntime.model.event;

import io.agentruntime.model.conversation.ConversationId;
import io.agentruntime.model.event.SessionEvent.StreamEvent;
import java.util.Objects;

/**
 * An event that an architecture emits, with the conversation it belongs to.
 *
 * @param conversationId whose
 * @param event what
 */
public record Emission(ConversationId conversationId, StreamEvent event) {
  /** Checks required components. */
  public Emission {
    Objects.requireNonNull(conversationId, "conversationId");
    Objects.requireNonNull(event, "event");
  }

  /** An event of the main conversation. */
  public static Emission main(StreamEvent event) {
    return new Emission(ConversationId.MAIN, event);
  }
}
