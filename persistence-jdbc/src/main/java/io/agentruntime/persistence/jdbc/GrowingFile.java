// SPDX-License-Identifier: MIT

package io.agentruntime.persistence.jdbc;

import java.nio.charset.StandardCharsets;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * A file in pieces that begin where the one before ends, so that only its end is written when it
 * grows. Changed under its session's lock.
 *
 * @param key its number
 * @param name its name
 * @param encoding how a text was made into bytes
 * @param size how many bytes it has
 * @param revision rises when bytes change that were there before
 */
record GrowingFile(long key, String name, int encoding, long size, long revision) {
  /** A file of the transcript store. */
  static final int TRANSCRIPT = 0;

  /** The text of the session itself. */
  static final int TEXT = 1;

  /** The text of one of its subagents. */
  static final int SUBAGENT_TEXT = 2;

  /** Bytes in one piece at most. */
  static final int PIECE = 512 << 10;

  /**
   * A last piece that is smaller is written again with what is added: bounds how many there are.
   */
  private static final int SMALL = 8 << 10;

  private static final String COLUMNS =
      "SELECT file_key, name, encoding, size, revision FROM transcript_file"
          + " WHERE session_key = ? AND kind = ?";

  /**
   * Some of a file's bytes.
   *
   * @param start where they begin
   * @param content the bytes
   */
  @SuppressWarnings("ArrayRecordComponent") // A row: nobody compares it.
  record Piece(long start, byte[] content) {
    long end() {
      return start + content.length;
    }
  }

  /** All files of a kind, in the order in which they were first written. */
  static List<GrowingFile> list(Tx tx, long session, int kind) throws SQLException {
    return tx.all(COLUMNS + " ORDER BY file_key", GrowingFile::read, session, kind);
  }

  static Optional<GrowingFile> find(Tx tx, long session, int kind, String name)
      throws SQLException {
    return tx.first(
        COLUMNS + " AND name_hash = ?", GrowingFile::read, session, kind, Keys.of(name));
  }

  private static GrowingFile read(ResultSet row) throws SQLException {
    return new GrowingFile(
        row.getLong(1),
        new String(row.getBytes(2), StandardCharsets.UTF_8),
        row.getInt(3),
        row.getLong(4),
        row.getLong(5));
  }

  static GrowingFile create(Tx tx, long session, int kind, String name, int encoding)
      throws SQLException {
    long key =
        tx.insert(
            "file_key",
            "INSERT INTO transcript_file (session_key, kind, name_hash, name, encoding, size,"
                + " revision) VALUES (?, ?, ?, ?, ?, 0, 0)",
            session,
            kind,
            Keys.of(name),
            name.getBytes(StandardCharsets.UTF_8),
            encoding);
    return new GrowingFile(key, name, encoding, 0, 0);
  }

  /** Keeps the first {@code offset} bytes, at most all, and ends with these. */
  void write(Tx tx, long offset, byte[] bytes) throws SQLException {
    Piece last = pieceBefore(tx, offset);
    long from = last == null ? 0 : last.start();
    byte[] kept =
        last == null ? new byte[0] : Arrays.copyOf(last.content(), (int) (offset - last.start()));
    boolean cuts = offset < size;
    boolean rewritesLast = last != null && (kept.length < SMALL || cuts);
    if (cuts || rewritesLast) {
      tx.update(
          "DELETE FROM transcript_chunk WHERE file_key = ? AND start_at >= ?",
          key,
          rewritesLast ? from : offset);
    }
    if (rewritesLast) {
      insert(tx, from, kept, bytes);
    } else {
      insert(tx, offset, new byte[0], bytes);
    }
    tx.update(
        "UPDATE transcript_file SET size = ?, revision = ? WHERE file_key = ?",
        offset + bytes.length,
        cuts ? revision + 1 : revision,
        key);
  }

  private @Nullable Piece pieceBefore(Tx tx, long offset) throws SQLException {
    return tx.first(
            "SELECT start_at, content FROM transcript_chunk WHERE file_key = ? AND start_at < ?"
                + " ORDER BY start_at DESC LIMIT 1",
            GrowingFile::piece,
            key,
            offset)
        .orElse(null);
  }

  private void insert(Tx tx, long start, byte[] head, byte[] tail) throws SQLException {
    List<@Nullable Object[]> rows = new ArrayList<>();
    int total = head.length + tail.length;
    for (int at = 0; at < total; at += PIECE) {
      byte[] piece = new byte[Math.min(PIECE, total - at)];
      int fromHead = Math.clamp((long) head.length - at, 0, piece.length);
      System.arraycopy(head, Math.min(at, head.length), piece, 0, fromHead);
      System.arraycopy(
          tail, Math.max(0, at - head.length), piece, fromHead, piece.length - fromHead);
      rows.add(new Object[] {key, start + at, piece});
    }
    tx.batch("INSERT INTO transcript_chunk (file_key, start_at, content) VALUES (?, ?, ?)", rows);
  }

  /** The pieces that hold the bytes from an offset on, a few of them. */
  List<Piece> pieces(Tx tx, long offset, int count) throws SQLException {
    return tx.all(
        "SELECT start_at, content FROM transcript_chunk WHERE file_key = ? AND start_at >="
            + " COALESCE((SELECT MAX(start_at) FROM transcript_chunk WHERE file_key = ?"
            + " AND start_at <= ?), 0) ORDER BY start_at LIMIT ?",
        GrowingFile::piece,
        key,
        key,
        offset,
        count);
  }

  private static Piece piece(ResultSet row) throws SQLException {
    return new Piece(row.getLong(1), row.getBytes(2));
  }

  /** How many of these bytes the file begins with already. */
  long commonPrefix(Tx tx, byte[] bytes) throws SQLException {
    long same = 0;
    while (same < Math.min(size, bytes.length)) {
      List<Piece> pieces = pieces(tx, same, 1);
      if (pieces.isEmpty()) {
        throw new SQLException("file " + key + " has no piece at " + same);
      }
      Piece piece = pieces.getFirst();
      int inPiece = (int) (same - piece.start());
      int end = (int) Math.min(bytes.length, piece.end());
      int differs =
          Arrays.mismatch(piece.content(), inPiece, piece.content().length, bytes, (int) same, end);
      int equal = differs < 0 ? piece.content().length - inPiece : differs;
      same += equal;
      if (differs >= 0) {
        return same;
      }
    }
    return same;
  }

  /** Removes a file and all its pieces. */
  void delete(Tx tx) throws SQLException {
    tx.update("DELETE FROM transcript_chunk WHERE file_key = ?", key);
    tx.update("DELETE FROM transcript_file WHERE file_key = ?", key);
  }
}
