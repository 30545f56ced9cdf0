// SPDX-License-Identifier: MIT

package io.agentruntime.model.event;

import io.agentruntime.model.conversation.ConversationId;
import io.agentruntime.model.session.SessionId;
import io.agentruntime.model.turn.TurnId;
import java.time.Instant;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * An event in its place in the log.
 *
 * @param schema the version of the stored form, see {@link #SCHEMA}
 * @param sessionId whose log
 * @param seq the number: from 1, without gaps, never reused
 * @param conversationId the conversation it belongs to; {@code main} for events about the session
 * @param turnId the turn it belongs to, null outside of turns
 * @param indexInTurn position among the turn's protocol events from 0, or {@link #NOT_PROTOCOL}
 * @param at when it was appended
 * @param event what happened
 */
public record EventEnvelope(
    int schema,
    SessionId sessionId,
    long seq,
    ConversationId conversationId,
    @Nullable TurnId turnId,
    int indexInTurn,
    Instant at,
    SessionEvent event) {
  /** The present version of the stored form. */
  public static final int SCHEMA = 1;

  /** The index of an event that no protocol emitted. */
  public static final int NOT_PROTOCOL = -1;

  /** Checks required components. */
  public EventEnvelope {
    Objects.requireNonNull(sessionId, "sessionId");
    Objects.requireNonNull(conversationId, "conversationId");
    Objects.requireNonNull(at, "at");
    Objects.requireNonNull(event, "event");
  }
}
