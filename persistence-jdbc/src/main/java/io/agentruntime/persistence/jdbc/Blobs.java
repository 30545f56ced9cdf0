// SPDX-License-Identifier: MIT

package io.agentruntime.persistence.jdbc;

import io.agentruntime.model.session.SessionId;
import io.agentruntime.model.workspace.ContentHash;
import java.io.InputStream;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Contents by their hash, in chunks. Stateless. */
final class Blobs {
  /** Contents of the files of the basic operations, each for itself. */
  static final int OF_FILES = 0;

  /** Contents of the workspace store, each once per session. */
  static final int OF_MANIFEST = 1;

  static final int COMING_IN = 0;
  static final int THERE = 1;
  static final int DROPPED = 2;

  /** Bytes in one chunk; only the last has fewer. */
  static final int CHUNK = 512 << 10;

  private static final int CHUNKS_AT_ONCE = 2;
  private static final long DROPPED_BYTES_AT_ONCE = 8 << 20;

  /**
   * A stored content.
   *
   * @param key its number
   * @param size bytes
   */
  record Blob(long key, long size) {}

  private Blobs() {}

  static Optional<Blob> find(Tx tx, long session, int space, ContentHash hash) throws SQLException {
    return tx.first(
        "SELECT blob_key, size FROM stored_blob"
            + " WHERE session_key = ? AND space = ? AND hash = ? AND state = ?",
        row -> new Blob(row.getLong(1), row.getLong(2)),
        session,
        space,
        Keys.of(hash),
        THERE);
  }

  static long create(
      Tx tx, long session, int space, ContentHash hash, int state, long size, long now)
      throws SQLException {
    return tx.insert(
        "blob_key",
        "INSERT INTO stored_blob (session_key, space, hash, state, fresh, size, created_at)"
            + " VALUES (?, ?, ?, ?, 1, ?, ?)",
        session,
        space,
        Keys.of(hash),
        state,
        size,
        now);
  }

  static void addChunks(Tx tx, long blob, int firstPart, List<byte[]> chunks) throws SQLException {
    List<@Nullable Object[]> rows = new ArrayList<>(chunks.size());
    for (int i = 0; i < chunks.size(); i++) {
      rows.add(new Object[] {blob, firstPart + i, chunks.get(i)});
    }
    tx.batch("INSERT INTO blob_chunk (blob_key, part, content) VALUES (?, ?, ?)", rows);
  }

  static InputStream open(Database database, SessionId id, Blob blob) throws InterruptedException {
    return PieceStream.open(
        offset ->
            database.read("reading a content of session " + id, tx -> pieces(tx, blob, offset)),
        0,
        blob.size());
  }

  private static List<GrowingFile.Piece> pieces(Tx tx, Blob blob, long offset) throws SQLException {
    return tx.all(
        "SELECT part, content FROM blob_chunk WHERE blob_key = ? AND part >= ?"
            + " ORDER BY part LIMIT ?",
        row -> new GrowingFile.Piece((long) row.getInt(1) * CHUNK, row.getBytes(2)),
        blob.key(),
        (int) (offset / CHUNK),
        CHUNKS_AT_ONCE);
  }

  /** Removes a content. Its row goes first: whoever still adds chunks to it waits, and sees. */
  static void delete(Tx tx, long blob) throws SQLException {
    tx.update("DELETE FROM stored_blob WHERE blob_key = ?", blob);
    tx.update("DELETE FROM blob_chunk WHERE blob_key = ?", blob);
  }

  /** Removes some of what a session dropped; false when there is nothing left of it. */
  static boolean sweep(Tx tx, long session, int state) throws SQLException {
    List<Blob> some =
        tx.all(
            "SELECT blob_key, size FROM stored_blob WHERE session_key = ? AND state >= ?"
                + " AND state <= ? ORDER BY blob_key LIMIT 100",
            row -> new Blob(row.getLong(1), row.getLong(2)),
            session,
            state,
            DROPPED);
    long bytes = 0;
    for (Blob blob : some) {
      if (bytes > DROPPED_BYTES_AT_ONCE) {
        break;
      }
      delete(tx, blob.key());
      bytes += blob.size();
    }
    return !some.isEmpty();
  }
}
