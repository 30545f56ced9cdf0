// SPDX-License-Identifier: MIT

package io.agentruntime.persistence.jdbc;

import io.agentruntime.error.AgentRuntimeException;
import io.agentruntime.error.StandardError;
import io.agentruntime.model.session.SessionId;
import java.util.List;

/** The pieces of a transcript file for a reader, as long as nobody changes what was there. */
record TranscriptPieces(Database database, SessionId id, GrowingFile file)
    implements PieceStream.Source {
  /** Two pieces: at most a megabyte at a time. */
  private static final int AT_ONCE = 2;

  /** Small pieces are fetched in larger numbers: eight kilobytes each, mostly. */
  private static final int SMALL_AT_ONCE = 64;

  @Override
  public List<GrowingFile.Piece> fetch(long offset) throws InterruptedException {
    return database.read(
        "reading transcript file " + file.name() + " of session " + id,
        tx -> {
          long revision =
              tx.first(
                      "SELECT revision FROM transcript_file WHERE file_key = ?",
                      row -> row.getLong(1),
                      file.key())
                  .orElse(-1L);
          if (revision != file.revision()) {
            throw new AgentRuntimeException(
                StandardError.STORE_UNAVAILABLE,
                "transcript file "
                    + file.name()
                    + " of session "
                    + id
                    + " was changed while it was read; read it again");
          }
          List<GrowingFile.Piece> pieces = file.pieces(tx, offset, AT_ONCE);
          boolean small =
              !pieces.isEmpty()
                  && pieces.getLast().end() - pieces.getFirst().start() < GrowingFile.PIECE / 8;
          return small ? file.pieces(tx, offset, SMALL_AT_ONCE) : pieces;
        });
  }
}
