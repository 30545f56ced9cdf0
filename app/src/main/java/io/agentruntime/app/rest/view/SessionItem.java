// SPDX-License-Identifier: MIT

package io.agentruntime.app.rest.view;

import com.fasterxml.jackson.annotation.JsonInclude;
import io.agentruntime.model.session.RuntimeState;
import io.agentruntime.model.session.SessionRecord;
import java.time.Instant;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * A session in a list.
 *
 * @param sessionId its id
 * @param type the architecture as its creator spelled it
 * @param agentProfileReference its profile
 * @param name its display name, if it has one
 * @param status {@code active} or {@code inactive}
 * @param createdAt milliseconds
 * @param lastActivity milliseconds
 * @param sessionOptions its options
 * @param metadata its creator's own values
 * @param runtime its runtime state
 */
@JsonInclude(JsonInclude.Include.NON_NULL)
public record SessionItem(
    String sessionId,
    String type,
    String agentProfileReference,
    @Nullable String name,
    String status,
    long createdAt,
    long lastActivity,
    Map<String, Object> sessionOptions,
    Map<String, Object> metadata,
    RuntimeReply runtime) {

  /** Shows a session. */
  public static SessionItem of(SessionRecord session, RuntimeState state) {
    return new SessionItem(
        session.id().value(),
        session.architecture(),
        session.profileId(),
        session.name(),
        RuntimeReply.statusWord(state),
        session.createdAt().toEpochMilli(),
        lastActivity(session),
        session.options(),
        session.metadata(),
        RuntimeReply.of(state));
  }

  static long lastActivity(SessionRecord session) {
    Instant last = session.lastActivity();
    return (last == null ? session.createdAt() : last).toEpochMilli();
  }
}
