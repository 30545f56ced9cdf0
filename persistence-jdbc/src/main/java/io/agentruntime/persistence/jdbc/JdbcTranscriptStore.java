// SPDX-License-Identifier: MIT

package io.agentruntime.persistence.jdbc;

import io.agentruntime.error.AgentRuntimeException;
import io.agentruntime.error.StandardError;
import io.agentruntime.model.session.SessionId;
import io.agentruntime.spi.persistence.TranscriptChunk;
import io.agentruntime.spi.persistence.TranscriptFile;
import io.agentruntime.spi.persistence.TranscriptStore;
import java.io.InputStream;
import java.util.List;
import java.util.Optional;

/** Transcript files. Thread-safe. */
final class JdbcTranscriptStore implements TranscriptStore {
  private final Database database;

  JdbcTranscriptStore(Database database) {
    this.database = database;
  }

  @Override
  public List<TranscriptFile> list(SessionId id) throws InterruptedException {
    return database.read(
        "listing the transcript files of session " + id,
        tx ->
            tx.all(
                "SELECT f.name, f.size FROM session s JOIN transcript_file f"
                    + " ON f.session_key = s.session_key WHERE s.id = ? AND f.kind = ?"
                    + " ORDER BY f.file_key",
                row -> new TranscriptFile(Texts.utf8(row.getBytes(1)), row.getLong(2)),
                id.value(),
                GrowingFile.TRANSCRIPT));
  }

  @Override
  public void write(TranscriptChunk chunk) throws InterruptedException {
    SessionId id = chunk.id();
    database.write(
        "writing transcript file " + chunk.name() + " of session " + id,
        tx -> {
          long session = SessionLock.require(tx, id, chunk.epoch()).key();
          Optional<GrowingFile> known =
              GrowingFile.find(tx, session, GrowingFile.TRANSCRIPT, chunk.name());
          long size = known.map(GrowingFile::size).orElse(0L);
          if (chunk.offset() > size) {
            throw tooShort(id, chunk.name(), size, chunk.offset());
          }
          GrowingFile file =
              known.isPresent()
                  ? known.get()
                  : GrowingFile.create(
                      tx, session, GrowingFile.TRANSCRIPT, chunk.name(), Texts.AS_GIVEN);
          file.write(tx, chunk.offset(), chunk.bytes());
          return file;
        });
  }

  @Override
  public InputStream open(SessionId id, String name, long offset) throws InterruptedException {
    GrowingFile file =
        database
            .read(
                "opening transcript file " + name + " of session " + id,
                tx -> {
                  Optional<Long> session = SessionTable.key(tx, id);
                  return session.isEmpty()
                      ? Optional.<GrowingFile>empty()
                      : GrowingFile.find(tx, session.get(), GrowingFile.TRANSCRIPT, name);
                })
            .orElseThrow(
                () ->
                    new AgentRuntimeException(
                        StandardError.FILE_NOT_FOUND,
                        "session " + id + " has no transcript file " + name));
    if (offset < 0 || offset > file.size()) {
      throw tooShort(id, name, file.size(), offset);
    }
    return PieceStream.open(new TranscriptPieces(database, id, file), offset, file.size());
  }

  private static AgentRuntimeException tooShort(SessionId id, String name, long size, long offset) {
    return new AgentRuntimeException(
        StandardError.OFFSET_MISMATCH,
        "transcript file "
            + name
            + " of session "
            + id
            + " has "
            + size
            + " bytes: no offset "
            + offset);
  }
}
