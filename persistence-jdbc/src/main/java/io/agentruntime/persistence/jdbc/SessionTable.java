// SPDX-License-Identifier: MIT

package io.agentruntime.persistence.jdbc;

import io.agentruntime.error.AgentRuntimeException;
import io.agentruntime.error.StandardError;
import io.agentruntime.model.session.SessionId;
import io.agentruntime.model.session.SessionRecord;
import io.agentruntime.spi.persistence.RecordUpdate;
import io.agentruntime.support.json.RecordMaps;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Session records. Thread-safe. */
final class SessionTable {
  /** What H2 takes in one value. */
  private static final int MAX_RECORD_BYTES = 1 << 20;

  private static final String RECORD =
      "SELECT r.record FROM session s JOIN session_record r ON r.session_key = s.session_key"
          + " WHERE s.id = ?";

  private final Database database;

  SessionTable(Database database) {
    this.database = database;
  }

  /** What of a record is searched for and sorted by. */
  @SuppressWarnings("ArrayRecordComponent") // Nobody compares it.
  private record Index(long order, byte[] architecture, byte[] profile, @Nullable String name) {
    static Index of(SessionRecord session) {
      Instant activity = session.lastActivity();
      String name = session.name();
      return new Index(
          -Keys.nanos(activity == null ? session.createdAt() : activity),
          Keys.of(session.architecture()),
          Keys.of(session.profileId()),
          name == null ? null : searchable(name));
    }
  }

  /** As it is searched: in lower case, and without what PostgreSQL's texts cannot hold. */
  static String searchable(String text) {
    return text.toLowerCase(Locale.ROOT).replace('\0', '\uE000');
  }

  void create(SessionRecord session) throws InterruptedException {
    byte[] json = json(session);
    Index index = Index.of(session);
    String what = "creating session " + session.id();
    try {
      database.write(
          what,
          tx -> {
            if (key(tx, session.id()).isPresent()) {
              throw exists(session.id(), null);
            }
            long key =
                tx.insert(
                    "session_key",
                    "INSERT INTO session (id, activity_order, architecture_hash, profile_hash,"
                        + " name_search, last_seq, newest_epoch, lease_owner, lease_until,"
                        + " has_manifest) VALUES (?, ?, ?, ?, ?, 0, 0, NULL, 0, 0)",
                    session.id().value(),
                    index.order(),
                    index.architecture(),
                    index.profile(),
                    index.name());
            return tx.update(
                "INSERT INTO session_record (session_key, record) VALUES (?, ?)", key, json);
          });
    } catch (AgentRuntimeException e) {
      if (StoreErrors.isDuplicate(database.engine(), e)) {
        // Somebody else created it at the same moment.
        throw exists(session.id(), e);
      }
      throw e;
    }
  }

  private static AgentRuntimeException exists(SessionId id, @Nullable Throwable cause) {
    return new AgentRuntimeException(
        StandardError.SESSION_EXISTS, "session " + id + " exists already", cause);
  }

  void update(RecordUpdate update) throws InterruptedException {
    SessionId id = update.id();
    database.write(
        "updating session " + id,
        tx -> {
          SessionLock session = SessionLock.require(tx, id, update.epoch());
          SessionRecord changed = require(tx, id).with(update.update());
          Index index = Index.of(changed);
          tx.update(
              "UPDATE session_record SET record = ? WHERE session_key = ?",
              json(changed),
              session.key());
          return tx.update(
              "UPDATE session SET activity_order = ?, name_search = ? WHERE session_key = ?",
              index.order(),
              index.name(),
              session.key());
        });
  }

  Optional<SessionRecord> load(SessionId id) throws InterruptedException {
    return database.read("loading session " + id, tx -> find(tx, id));
  }

  static Optional<SessionRecord> find(Tx tx, SessionId id) throws SQLException {
    return tx.first(RECORD, SessionTable::record, id.value());
  }

  /** The number that a session's other rows carry. */
  static Optional<Long> key(Tx tx, SessionId id) throws SQLException {
    return tx.first(
        "SELECT session_key FROM session WHERE id = ?", row -> row.getLong(1), id.value());
  }

  private static SessionRecord require(Tx tx, SessionId id) throws SQLException {
    return find(tx, id).orElseThrow(() -> SessionLock.notFound(id));
  }

  /** Without a bound, because that is what the operation is for; pages are {@link SessionPages}. */
  List<SessionRecord> all() throws InterruptedException {
    return database.read(
        "listing all sessions",
        tx ->
            tx.all(
                "SELECT r.record FROM session s JOIN session_record r"
                    + " ON r.session_key = s.session_key ORDER BY s.session_key",
                SessionTable::record));
  }

  static SessionRecord record(ResultSet row) throws SQLException {
    return RecordMaps.read(Json.read("session record", row.getBytes(1)));
  }

  private static byte[] json(SessionRecord session) {
    byte[] json = Json.write(RecordMaps.write(session));
    if (json.length > MAX_RECORD_BYTES) {
      throw new AgentRuntimeException(
          StandardError.LIMIT_EXCEEDED,
          "session "
              + session.id()
              + ": options, metadata and name may take "
              + MAX_RECORD_BYTES
              + " bytes together");
    }
    return json;
  }
}
