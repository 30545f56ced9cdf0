// SPDX-License-Identifier: MIT

package io.agentruntime.persistence.jdbc;

import io.agentruntime.error.AgentRuntimeException;
import io.agentruntime.error.StandardError;
import io.agentruntime.model.session.SessionId;
import io.agentruntime.model.workspace.Content;
import io.agentruntime.model.workspace.ContentHash;
import java.io.IOException;
import java.io.InputStream;
import java.security.MessageDigest;
import java.sql.SQLException;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A content that was read to its end and is what its hash says, on its way into the store.
 *
 * <p>What is small waits in memory; what is larger lies in the database already, a few chunks per
 * transaction, because its source may be slow. Nobody sees it before {@link #store}; whoever does
 * not come to that must {@link #discard} it. Confined to one thread.
 */
final class IncomingBlob {
  private static final Logger log = LoggerFactory.getLogger(IncomingBlob.class);
  private static final int CHUNKS_AT_ONCE = 2;

  private final Database database;
  private final SessionId id;
  private final int space;
  private final ContentHash hash;
  private final InstantSource clock;
  private final List<byte[]> held = new ArrayList<>();
  private long size;
  private int stored;
  private long key;

  private IncomingBlob(
      Database database, SessionId id, int space, ContentHash hash, InstantSource clock) {
    this.database = database;
    this.id = id;
    this.space = space;
    this.hash = hash;
    this.clock = clock;
  }

  /**
   * Reads a content.
   *
   * @throws IOException what reading it throws
   * @throws AgentRuntimeException {@code INVALID_ARGUMENT} when it is not what its hash says,
   *     {@code SESSION_NOT_FOUND}
   */
  static IncomingBlob read(
      Database database,
      SessionId id,
      int space,
      ContentHash hash,
      Content content,
      InstantSource clock)
      throws IOException, InterruptedException {
    IncomingBlob blob = new IncomingBlob(database, id, space, hash, clock);
    boolean complete = false;
    try {
      blob.readAll(content);
      complete = true;
      return blob;
    } finally {
      if (!complete) {
        blob.discard();
      }
    }
  }

  private void readAll(Content content) throws IOException, InterruptedException {
    MessageDigest digest = ContentHash.digest();
    try (InputStream in = content.open()) {
      byte[] chunk = in.readNBytes(Blobs.CHUNK);
      while (chunk.length > 0) {
        if (held.size() == CHUNKS_AT_ONCE) {
          spill();
        }
        digest.update(chunk);
        size += chunk.length;
        held.add(chunk);
        chunk = in.readNBytes(Blobs.CHUNK);
      }
    }
    if (!ContentHash.of(digest).equals(hash)) {
      throw AgentRuntimeException.invalid("content", "bytes with the hash " + hash);
    }
  }

  /** Moves what is held into the database. */
  private void spill() throws InterruptedException {
    String what = "storing a content of session " + id;
    if (key == 0) {
      key =
          database.write(
              what,
              tx ->
                  Blobs.create(
                      tx,
                      SessionLock.require(tx, id).key(),
                      space,
                      hash,
                      Blobs.COMING_IN,
                      0,
                      Keys.nanos(clock.instant())));
    }
    database.write(
        what,
        tx -> {
          addHeld(tx);
          return key;
        });
    stored += held.size();
    held.clear();
  }

  private void addHeld(Tx tx) throws SQLException {
    // Not after the session was deleted and its contents with it.
    boolean there =
        tx.first(
                "SELECT blob_key FROM stored_blob WHERE blob_key = ?" + tx.engine().forUpdate(),
                row -> row.getLong(1),
                key)
            .isPresent();
    if (!there) {
      throw SessionLock.notFound(id);
    }
    Blobs.addChunks(tx, key, stored, held);
  }

  /** Makes it part of what is stored, in a transaction that locks its session. */
  Blobs.Blob store(Tx tx, SessionLock session) throws SQLException {
    long now = Keys.nanos(clock.instant());
    if (key == 0) {
      long small = Blobs.create(tx, session.key(), space, hash, Blobs.THERE, size, now);
      Blobs.addChunks(tx, small, 0, held);
      return new Blobs.Blob(small, size);
    }
    addHeld(tx);
    tx.update(
        "UPDATE stored_blob SET state = ?, size = ? WHERE blob_key = ?", Blobs.THERE, size, key);
    return new Blobs.Blob(key, size);
  }

  /** Removes what of it lies in the database; no effect on what was stored. */
  void discard() {
    if (key == 0) {
      return;
    }
    // Also while interrupted: otherwise it would lie there until the next start.
    boolean interrupted = Thread.interrupted();
    try {
      database.write(
          "removing an unfinished content of session " + id,
          tx -> {
            boolean unfinished =
                tx.first(
                        "SELECT blob_key FROM stored_blob WHERE blob_key = ? AND state = ?"
                            + tx.engine().forUpdate(),
                        row -> row.getLong(1),
                        key,
                        Blobs.COMING_IN)
                    .isPresent();
            if (unfinished) {
              Blobs.delete(tx, key);
            }
            return unfinished;
          });
    } catch (InterruptedException e) {
      interrupted = true;
    } catch (AgentRuntimeException e) {
      if (e.code() != StandardError.CLOSED) {
        log.warn("session {}: an unfinished content stays until the next start", id, e);
      }
    } finally {
      if (interrupted) {
        Thread.currentThread().interrupt();
      }
    }
  }
}
