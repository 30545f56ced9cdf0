// SPDX-License-Identifier: MIT

package io.agentruntime.persistence.jdbc;

import io.agentruntime.error.AgentRuntimeException;
import io.agentruntime.error.StandardError;
import io.agentruntime.model.session.SessionId;
import io.agentruntime.spi.persistence.LeaseEpoch;
import java.nio.charset.StandardCharsets;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/**
 * A session's row, locked until the transaction ends: nobody takes the session, deletes it or
 * appends to it meanwhile.
 *
 * @param id the session
 * @param key the number that its other rows carry
 * @param lastSeq the last number of its log
 * @param newestEpoch the newest epoch that was given for it
 * @param leaseOwner who holds it, null when nobody does
 * @param leaseUntil until when, in nanoseconds since 1970
 */
record SessionLock(
    SessionId id,
    long key,
    long lastSeq,
    long newestEpoch,
    @Nullable String leaseOwner,
    long leaseUntil) {
  private static final String COLUMNS =
      "SELECT id, session_key, last_seq, newest_epoch, lease_owner, lease_until FROM session";

  /** How many parameters one statement gets at most. */
  private static final int AT_ONCE = 200;

  /** Locks a session, if it is there. */
  static Optional<SessionLock> find(Tx tx, SessionId id) throws SQLException {
    return tx.first(
        COLUMNS + " WHERE id = ?" + tx.engine().forUpdate(), SessionLock::read, id.value());
  }

  /** Locks a session that must be there. */
  static SessionLock require(Tx tx, SessionId id) throws SQLException {
    return find(tx, id).orElseThrow(() -> notFound(id));
  }

  /** Locks a session for its owner. */
  static SessionLock require(Tx tx, SessionId id, LeaseEpoch epoch) throws SQLException {
    SessionLock session = require(tx, id);
    if (epoch.value() < session.newestEpoch) {
      throw new AgentRuntimeException(
          StandardError.FENCED,
          "session "
              + id
              + " has a newer owner (epoch "
              + session.newestEpoch
              + "): the writer of epoch "
              + epoch.value()
              + " must stop");
    }
    return session;
  }

  /** Locks those of many sessions that are there, always in the same order. */
  static Map<SessionId, SessionLock> find(Tx tx, Collection<SessionId> ids) throws SQLException {
    TreeSet<String> sorted = new TreeSet<>();
    ids.forEach(id -> sorted.add(id.value()));
    List<String> all = new ArrayList<>(sorted);
    Map<SessionId, SessionLock> locks = HashMap.newHashMap(all.size());
    for (int from = 0; from < all.size(); from += AT_ONCE) {
      List<String> some = all.subList(from, Math.min(all.size(), from + AT_ONCE));
      String sql =
          COLUMNS
              + " WHERE id IN (?"
              + ", ?".repeat(some.size() - 1)
              + ") ORDER BY id"
              + tx.engine().forUpdate();
      for (SessionLock session : tx.all(sql, SessionLock::read, some.toArray())) {
        locks.put(session.id, session);
      }
    }
    return locks;
  }

  static AgentRuntimeException notFound(SessionId id) {
    return new AgentRuntimeException(StandardError.SESSION_NOT_FOUND, "there is no session " + id);
  }

  private static SessionLock read(ResultSet row) throws SQLException {
    byte[] owner = row.getBytes(5);
    return new SessionLock(
        new SessionId(row.getString(1)),
        row.getLong(2),
        row.getLong(3),
        row.getLong(4),
        owner == null ? null : new String(owner, StandardCharsets.UTF_8),
        row.getLong(6));
  }
}
