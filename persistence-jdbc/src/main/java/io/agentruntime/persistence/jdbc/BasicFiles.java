// SPDX-License-Identifier: MIT

package io.agentruntime.persistence.jdbc;

import io.agentruntime.error.AgentRuntimeException;
import io.agentruntime.error.StandardError;
import io.agentruntime.model.session.SessionId;
import io.agentruntime.model.workspace.Content;
import io.agentruntime.model.workspace.ContentHash;
import io.agentruntime.model.workspace.WorkspaceFile;
import io.agentruntime.spi.persistence.FileRemoval;
import io.agentruntime.spi.persistence.FileWrite;
import io.agentruntime.spi.persistence.LeaseEpoch;
import io.agentruntime.spi.persistence.StoredFile;
import io.agentruntime.support.json.FileMaps;
import java.io.IOException;
import java.io.InputStream;
import java.io.InterruptedIOException;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Workspace files as the basic operations know them: one by one. Thread-safe. */
final class BasicFiles {
  private final Database database;
  private final InstantSource clock;

  BasicFiles(Database database, InstantSource clock) {
    this.database = database;
    this.clock = clock;
  }

  /** A row: the file and where its content is. */
  private record Known(WorkspaceFile file, @Nullable Long blob) {
    static Known read(ResultSet row) throws SQLException {
      WorkspaceFile file = FileMaps.read(Json.read("file", row.getBytes(1)));
      long blob = row.getLong(2);
      return new Known(file, row.wasNull() ? null : blob);
    }
  }

  void save(FileWrite write) throws InterruptedException {
    SessionId id = write.id();
    WorkspaceFile file = write.file().file();
    Content content = write.file().content();
    ContentHash hash = file.hash();
    String what = "saving file " + file.path() + " of session " + id;
    if (content == null || hash == null || isStored(what, id, write.epoch(), file)) {
      database.write(what, tx -> replace(tx, id, write.epoch(), file, null));
      return;
    }
    IncomingBlob blob = read(id, file, hash, content);
    try {
      database.write(what, tx -> replace(tx, id, write.epoch(), file, blob));
    } finally {
      blob.discard();
    }
  }

  /** Whether that very content is at that path, so that it need not be written again. */
  private boolean isStored(String what, SessionId id, LeaseEpoch epoch, WorkspaceFile file)
      throws InterruptedException {
    return database.write(
        what,
        tx -> {
          SessionLock session = SessionLock.require(tx, id, epoch);
          Optional<Known> known = find(tx, session.key(), file.path().value());
          return known.isPresent() && sameContent(known.get().file(), file);
        });
  }

  private static boolean sameContent(WorkspaceFile one, WorkspaceFile other) {
    return one.hash() != null && one.hash().equals(other.hash()) && one.size() == other.size();
  }

  private IncomingBlob read(SessionId id, WorkspaceFile file, ContentHash hash, Content content)
      throws InterruptedException {
    try {
      return IncomingBlob.read(database, id, Blobs.OF_FILES, hash, content, clock);
    } catch (IOException e) {
      throw new AgentRuntimeException(
          StandardError.STORE_UNAVAILABLE,
          "the content of " + file.path() + " of session " + id + " could not be read",
          e);
    }
  }

  /** Writes the row; without a new content the one that is there stays if it is the same. */
  private static boolean replace(
      Tx tx, SessionId id, LeaseEpoch epoch, WorkspaceFile file, @Nullable IncomingBlob blob)
      throws SQLException {
    SessionLock session = SessionLock.require(tx, id, epoch);
    Known known = find(tx, session.key(), file.path().value()).orElse(null);
    Long kept = known != null && sameContent(known.file(), file) ? known.blob() : null;
    if (known != null && known.blob() != null && kept == null) {
      Blobs.delete(tx, known.blob());
    }
    if (blob == null && kept == null && file.hash() != null) {
      throw new AgentRuntimeException(
          StandardError.STORE_UNAVAILABLE,
          "file " + file.path() + " of session " + id + " was changed by somebody else; try again");
    }
    Long key = kept == null && blob != null ? (Long) blob.store(tx, session).key() : kept;
    byte[] json = Json.write(FileMaps.write(file));
    byte[] path = Keys.of(file.path().value());
    if (known == null) {
      tx.update(
          "INSERT INTO workspace_file (session_key, space, path_hash, file, blob_key)"
              + " VALUES (?, ?, ?, ?, ?)",
          session.key(),
          Blobs.OF_FILES,
          path,
          json,
          key);
    } else {
      tx.update(
          "UPDATE workspace_file SET file = ?, blob_key = ?"
              + " WHERE session_key = ? AND space = ? AND path_hash = ?",
          json,
          key,
          session.key(),
          Blobs.OF_FILES,
          path);
    }
    return true;
  }

  private static Optional<Known> find(Tx tx, long session, String path) throws SQLException {
    return tx.first(
        "SELECT file, blob_key FROM workspace_file"
            + " WHERE session_key = ? AND space = ? AND path_hash = ?",
        Known::read,
        session,
        Blobs.OF_FILES,
        Keys.of(path));
  }

  void delete(FileRemoval removal) throws InterruptedException {
    SessionId id = removal.id();
    database.write(
        "deleting file " + removal.path() + " of session " + id,
        tx -> {
          SessionLock session = SessionLock.require(tx, id, removal.epoch());
          Known known = find(tx, session.key(), removal.path().value()).orElse(null);
          if (known != null && known.blob() != null) {
            Blobs.delete(tx, known.blob());
          }
          return tx.update(
              "DELETE FROM workspace_file"
                  + " WHERE session_key = ? AND space = ? AND path_hash = ?",
              session.key(),
              Blobs.OF_FILES,
              Keys.of(removal.path().value()));
        });
  }

  /** All files of a session; their contents are read when they are opened. */
  List<StoredFile> list(Tx tx, SessionId id, long session) throws SQLException {
    return tx
        .all(
            "SELECT file, blob_key FROM workspace_file WHERE session_key = ? AND space = ?",
            Known::read,
            session,
            Blobs.OF_FILES)
        .stream()
        .map(known -> stored(id, known))
        .sorted((one, other) -> one.file().path().compareTo(other.file().path()))
        .toList();
  }

  private StoredFile stored(SessionId id, Known known) {
    Long blob = known.blob();
    return new StoredFile(
        known.file(),
        blob == null
            ? null
            : new LazyContent(database, id, new Blobs.Blob(blob, known.file().size())));
  }

  /** A content in the database; gone when its file is replaced or removed. */
  private record LazyContent(Database database, SessionId id, Blobs.Blob blob) implements Content {
    @Override
    public long size() {
      return blob.size();
    }

    @Override
    public InputStream open() throws IOException {
      try {
        return Blobs.open(database, id, blob);
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
        throw (IOException) new InterruptedIOException("interrupted while reading").initCause(e);
      }
    }
  }
}
