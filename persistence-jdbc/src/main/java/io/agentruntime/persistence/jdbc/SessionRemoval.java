// SPDX-License-Identifier: MIT

package io.agentruntime.persistence.jdbc;

import io.agentruntime.model.session.SessionId;
import java.sql.SQLException;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;

/**
 * Removes sessions: first, in one transaction, the session itself, so that nobody sees it or writes
 * to it any more; then all that belonged to it, in steps, because it may be much and others want to
 * write. What a crash leaves is removed at the next start. Thread-safe.
 */
final class SessionRemoval {
  private static final int EVENTS_AT_ONCE = 5_000;
  private static final int PIECES_AT_ONCE = 64;

  /** Nobody reads one content in for longer. */
  private static final Duration UNFINISHED = Duration.ofDays(1);

  private final Database database;
  private final InstantSource clock;

  SessionRemoval(Database database, InstantSource clock) {
    this.database = database;
    this.clock = clock;
  }

  void delete(SessionId id) throws InterruptedException {
    String what = "deleting session " + id;
    Optional<Long> key =
        database.write(
            what,
            tx -> {
              Optional<SessionLock> session = SessionLock.find(tx, id);
              if (session.isEmpty()) {
                return Optional.<Long>empty();
              }
              long removed = session.get().key();
              tx.update("INSERT INTO removed_session (session_key) VALUES (?)", removed);
              tx.update("DELETE FROM session_record WHERE session_key = ?", removed);
              tx.update("DELETE FROM session WHERE session_key = ?", removed);
              return Optional.of(removed);
            });
    if (key.isPresent()) {
      removeRest(what, key.get());
    }
  }

  /** Removes what deletions, manifests and uploads left when a server before this one ended. */
  void sweep() throws InterruptedException {
    String what = "removing what deleted sessions left";
    List<Long> removed =
        database.read(
            what, tx -> tx.all("SELECT session_key FROM removed_session", row -> row.getLong(1)));
    for (long session : removed) {
      removeRest(what, session);
    }
    long unfinished = Keys.nanos(clock.instant().minus(UNFINISHED));
    database.writeAll(what, tx -> removeBlobs(tx, unfinished));
  }

  private static boolean removeBlobs(Tx tx, long unfinished) throws SQLException {
    List<Long> some =
        tx.all(
            "SELECT blob_key FROM stored_blob WHERE state = ? OR (state = ? AND created_at < ?)"
                + " ORDER BY blob_key LIMIT 10",
            row -> row.getLong(1),
            Blobs.DROPPED,
            Blobs.COMING_IN,
            unfinished);
    for (long blob : some) {
      Blobs.delete(tx, blob);
    }
    return !some.isEmpty();
  }

  private void removeRest(String what, long session) throws InterruptedException {
    database.writeAll(what, tx -> removeEvents(tx, session));
    database.writeAll(what, tx -> removePieces(tx, session));
    database.writeAll(what, tx -> Blobs.sweep(tx, session, Blobs.COMING_IN));
    database.write(
        what,
        tx -> {
          tx.update("DELETE FROM workspace_file WHERE session_key = ?", session);
          return tx.update("DELETE FROM removed_session WHERE session_key = ?", session);
        });
  }

  private static boolean removeEvents(Tx tx, long session) throws SQLException {
    Optional<Long> end =
        tx.first(
            "SELECT seq FROM event WHERE session_key = ? ORDER BY seq, part LIMIT 1 OFFSET ?",
            row -> row.getLong(1),
            session,
            EVENTS_AT_ONCE);
    if (end.isEmpty()) {
      tx.update("DELETE FROM event WHERE session_key = ?", session);
      return false;
    }
    tx.update("DELETE FROM event WHERE session_key = ? AND seq <= ?", session, end.get());
    return true;
  }

  private static boolean removePieces(Tx tx, long session) throws SQLException {
    Optional<Long> file =
        tx.first(
            "SELECT file_key FROM transcript_file WHERE session_key = ? ORDER BY file_key LIMIT 1",
            row -> row.getLong(1),
            session);
    if (file.isEmpty()) {
      return false;
    }
    Optional<Long> end =
        tx.first(
            "SELECT start_at FROM transcript_chunk WHERE file_key = ?"
                + " ORDER BY start_at LIMIT 1 OFFSET ?",
            row -> row.getLong(1),
            file.get(),
            PIECES_AT_ONCE);
    if (end.isPresent()) {
      tx.update(
          "DELETE FROM transcript_chunk WHERE file_key = ? AND start_at <= ?",
          file.get(),
          end.get());
    } else {
      tx.update("DELETE FROM transcript_chunk WHERE file_key = ?", file.get());
      tx.update("DELETE FROM transcript_file WHERE file_key = ?", file.get());
    }
    return true;
  }
}
