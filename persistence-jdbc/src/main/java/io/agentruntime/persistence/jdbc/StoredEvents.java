// SPDX-License-Identifier: MIT

package io.agentruntime.persistence.jdbc;

import io.agentruntime.error.AgentRuntimeException;
import io.agentruntime.error.StandardError;
import io.agentruntime.model.block.BlockId;
import io.agentruntime.model.conversation.ConversationId;
import io.agentruntime.model.event.EventEnvelope;
import io.agentruntime.model.event.SessionEvent;
import io.agentruntime.model.session.SessionId;
import io.agentruntime.support.json.EventMaps;
import java.io.ByteArrayOutputStream;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Events as rows: the envelope as JSON without session and number, which are the row's key, cut
 * into parts of a size that every database takes. Stateless.
 */
final class StoredEvents {
  /** Bytes in one row at most. */
  static final int PART = 512 << 10;

  static final int DELTA = 1;
  static final int COMPLETION = 2;

  /** A block in its conversation. */
  record Slot(ConversationId conversation, BlockId block) {}

  @SuppressWarnings("ArrayRecordComponent") // A row: nobody compares it.
  private record Part(long seq, byte[] payload) {}

  private StoredEvents() {}

  static int kind(SessionEvent event) {
    return switch (event) {
      case SessionEvent.BlockDelta delta -> DELTA;
      case SessionEvent.BlockCompleted completed -> COMPLETION;
      case SessionEvent other -> 0;
    };
  }

  static byte[] encode(EventEnvelope event) {
    Map<String, Object> map = new LinkedHashMap<>(EventMaps.write(event));
    map.remove("sessionId");
    map.remove("seq");
    try {
      return Json.write(map);
    } catch (IllegalArgumentException e) {
      throw new AgentRuntimeException(
          StandardError.INVALID_ARGUMENT,
          "event " + event.seq() + " of session " + event.sessionId() + " cannot be stored",
          e);
    }
  }

  static EventEnvelope decode(SessionId id, long seq, byte[] payload) {
    Map<String, Object> map = Json.read("event " + seq + " of session " + id, payload);
    map.put("sessionId", id.value());
    map.put("seq", seq);
    return EventMaps.readEnvelope(map);
  }

  /** Events after a number, in order. */
  static List<EventEnvelope> read(Tx tx, SessionId id, long session, long after, int limit)
      throws SQLException {
    return decode(
        tx,
        id,
        session,
        tx.all(
            "SELECT seq, payload FROM event WHERE session_key = ? AND seq > ? AND part = 0"
                + " ORDER BY seq LIMIT ?",
            StoredEvents::part,
            session,
            after,
            limit));
  }

  /** Deltas and completions between two numbers, both inclusive, backwards. */
  static List<EventEnvelope> ofBlocks(Tx tx, SessionId id, long session, long from, long to)
      throws SQLException {
    return decode(
        tx,
        id,
        session,
        tx.all(
            "SELECT seq, payload FROM event WHERE session_key = ? AND seq >= ? AND seq <= ?"
                + " AND part = 0 AND kind > 0 ORDER BY seq DESC",
            StoredEvents::part,
            session,
            from,
            to));
  }

  private static Part part(ResultSet row) throws SQLException {
    return new Part(row.getLong(1), row.getBytes(2));
  }

  private static List<EventEnvelope> decode(Tx tx, SessionId id, long session, List<Part> firsts)
      throws SQLException {
    List<EventEnvelope> events = new ArrayList<>(firsts.size());
    for (Part first : firsts) {
      // Only a full part can have others after it.
      byte[] payload =
          first.payload().length < PART ? first.payload() : whole(tx, session, first.seq());
      events.add(decode(id, first.seq(), payload));
    }
    return events;
  }

  private static byte[] whole(Tx tx, long session, long seq) throws SQLException {
    ByteArrayOutputStream joined = new ByteArrayOutputStream();
    tx.all(
            "SELECT payload FROM event WHERE session_key = ? AND seq = ? ORDER BY part",
            row -> row.getBytes(1),
            session,
            seq)
        .forEach(joined::writeBytes);
    return joined.toByteArray();
  }
}
