// SPDX-License-Identifier: MIT

package io.agentruntime.persistence.jdbc;

import io.agentruntime.model.session.SessionId;
import io.agentruntime.model.transcript.StoredTranscript;
import io.agentruntime.spi.persistence.TranscriptWrite;
import java.io.ByteArrayOutputStream;
import java.sql.SQLException;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Transcripts as the basic operations know them: whole texts, of which only what differs is
 * written. Thread-safe.
 */
final class StoredTexts {
  private static final int PIECES_AT_ONCE = 32;

  private final Database database;

  StoredTexts(Database database) {
    this.database = database;
  }

  void save(TranscriptWrite write) throws InterruptedException {
    SessionId id = write.id();
    String subagent = write.subagentId();
    int kind = subagent == null ? GrowingFile.TEXT : GrowingFile.SUBAGENT_TEXT;
    String name = subagent == null ? "" : subagent;
    Texts.Encoded text = Texts.encode(write.raw());
    database.write(
        "saving a transcript of session " + id,
        tx -> {
          long session = SessionLock.require(tx, id, write.epoch()).key();
          Optional<GrowingFile> known = GrowingFile.find(tx, session, kind, name);
          if (known.isPresent() && known.get().encoding() != text.encoding()) {
            known.get().delete(tx);
            known = Optional.empty();
          }
          GrowingFile file =
              known.isPresent()
                  ? known.get()
                  : GrowingFile.create(tx, session, kind, name, text.encoding());
          replace(tx, file, text.bytes());
          return file;
        });
  }

  private static void replace(Tx tx, GrowingFile file, byte[] bytes) throws SQLException {
    long same = file.commonPrefix(tx, bytes);
    if (same < bytes.length || same < file.size()) {
      file.write(tx, same, Arrays.copyOfRange(bytes, (int) same, bytes.length));
    }
  }

  /** A session's texts; null when none was saved. */
  static @Nullable StoredTranscript load(Tx tx, long session) throws SQLException {
    List<GrowingFile> main = GrowingFile.list(tx, session, GrowingFile.TEXT);
    List<GrowingFile> others = GrowingFile.list(tx, session, GrowingFile.SUBAGENT_TEXT);
    if (main.isEmpty() && others.isEmpty()) {
      return null;
    }
    Map<String, String> subagents = new LinkedHashMap<>();
    for (GrowingFile file : others) {
      subagents.put(file.name(), text(tx, file));
    }
    return new StoredTranscript(main.isEmpty() ? "" : text(tx, main.getFirst()), subagents);
  }

  private static String text(Tx tx, GrowingFile file) throws SQLException {
    ByteArrayOutputStream all = new ByteArrayOutputStream();
    while (all.size() < file.size()) {
      List<GrowingFile.Piece> pieces = file.pieces(tx, all.size(), PIECES_AT_ONCE);
      if (pieces.isEmpty()) {
        throw new SQLException("file " + file.key() + " has no piece at " + all.size());
      }
      pieces.forEach(piece -> all.writeBytes(piece.content()));
    }
    return Texts.decode(file.encoding(), all.toByteArray());
  }
}
