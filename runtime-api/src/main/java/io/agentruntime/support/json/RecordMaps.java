// SPDX-License-Identifier: MIT

package io.agentruntime.support.json;

import io.agentruntime.error.AgentRuntimeException;
import io.agentruntime.model.session.SessionId;
import io.agentruntime.model.session.SessionRecord;
import java.util.Map;

/**
 * Session records as JSON-like maps: {@code {sessionId, type, agentProfileReference,
 * sessionOptions, createdAt, lastActivity?, name?, metadata?, sandboxProvider?}}. Stateless.
 *
 * <p>Times are written as ISO 8601 texts, which lose nothing; milliseconds since 1970 are read too,
 * because that is how other stores keep them.
 */
public final class RecordMaps {
  private RecordMaps() {}

  /** The record with all its fields; unmodifiable. */
  public static Map<String, Object> write(SessionRecord session) {
    return new MapWriter()
        .put("sessionId", session.id().value())
        .put("type", session.architecture())
        .put("agentProfileReference", session.profileId())
        .put("sessionOptions", session.options())
        .put("createdAt", session.createdAt())
        .put("lastActivity", session.lastActivity())
        .put("name", session.name())
        .putUnlessEmpty("metadata", session.metadata())
        .put("sandboxProvider", session.sandboxProvider())
        .done();
  }

  /**
   * Reads what {@link #write} wrote, in this version or any other.
   *
   * @throws AgentRuntimeException {@code STORE_CORRUPT} naming the field that is missing or wrong
   */
  public static SessionRecord read(Map<String, ?> map) {
    return Stored.read("session record", () -> read(new Fields("", map)));
  }

  private static SessionRecord read(Fields map) {
    return new SessionRecord(
        map.parsed("sessionId", SessionId::new),
        map.text("type"),
        map.text("agentProfileReference"),
        map.values("sessionOptions"),
        map.instant("createdAt"),
        map.optionalInstant("lastActivity"),
        map.optionalText("name"),
        map.values("metadata"),
        map.optionalText("sandboxProvider"));
  }
}
