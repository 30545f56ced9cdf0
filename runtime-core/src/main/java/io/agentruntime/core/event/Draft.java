// SPDX-License-Identifier: MIT

package io.agentruntime.core.event;

import io.agentruntime.model.conversation.ConversationId;
import io.agentruntime.model.event.EventEnvelope;
import io.agentruntime.model.event.SessionEvent;
import io.agentruntime.model.turn.TurnId;
import org.jspecify.annotations.Nullable;

/**
 * An event that has no number yet.
 *
 * @param conversationId the conversation it belongs to
 * @param turnId the turn it belongs to, if any
 * @param indexInTurn position among the range's protocol events, or {@link
 *     EventEnvelope#NOT_PROTOCOL}
 * @param event what happened
 */
public record Draft(
    ConversationId conversationId, @Nullable TurnId turnId, int indexInTurn, SessionEvent event) {
  /** An event about the session. */
  public static Draft session(@Nullable TurnId turnId, SessionEvent event) {
    return new Draft(ConversationId.MAIN, turnId, EventEnvelope.NOT_PROTOCOL, event);
  }
}
