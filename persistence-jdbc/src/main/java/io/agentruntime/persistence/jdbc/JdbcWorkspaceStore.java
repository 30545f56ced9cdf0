// SPDX-License-Identifier: MIT

package io.agentruntime.persistence.jdbc;

import io.agentruntime.error.AgentRuntimeException;
import io.agentruntime.error.StandardError;
import io.agentruntime.model.session.SessionId;
import io.agentruntime.model.workspace.Content;
import io.agentruntime.model.workspace.ContentHash;
import io.agentruntime.model.workspace.Manifest;
import io.agentruntime.spi.persistence.LeaseEpoch;
import io.agentruntime.spi.persistence.WorkspaceStore;
import io.agentruntime.support.json.FileMaps;
import java.io.IOException;
import java.io.InputStream;
import java.sql.SQLException;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Workspaces as manifests of content-addressed blobs. Thread-safe. */
final class JdbcWorkspaceStore implements WorkspaceStore {
  private static final int HASHES_AT_ONCE = 200;

  private final Database database;
  private final InstantSource clock;

  JdbcWorkspaceStore(Database database, InstantSource clock) {
    this.database = database;
    this.clock = clock;
  }

  @Override
  public Set<ContentHash> missing(SessionId id, Collection<ContentHash> hashes)
      throws InterruptedException {
    Set<ContentHash> missing = new LinkedHashSet<>(hashes);
    List<ContentHash> all = List.copyOf(missing);
    List<ContentHash> there =
        database.read(
            "looking for contents of session " + id,
            tx -> {
              List<ContentHash> found = new ArrayList<>();
              Optional<Long> session = SessionTable.key(tx, id);
              for (int from = 0; session.isPresent() && from < all.size(); ) {
                int to = Math.min(all.size(), from + HASHES_AT_ONCE);
                found.addAll(there(tx, session.get(), all.subList(from, to)));
                from = to;
              }
              return found;
            });
    there.forEach(missing::remove);
    return missing;
  }

  private static List<ContentHash> there(Tx tx, long session, List<ContentHash> hashes)
      throws SQLException {
    List<Object> parameters = new ArrayList<>(List.of(session, Blobs.OF_MANIFEST, Blobs.THERE));
    hashes.forEach(hash -> parameters.add(Keys.of(hash)));
    return tx.all(
        "SELECT hash FROM stored_blob WHERE session_key = ? AND space = ? AND state = ?"
            + " AND hash IN (?"
            + ", ?".repeat(hashes.size() - 1)
            + ")",
        row -> Keys.hash(row.getBytes(1)),
        parameters.toArray());
  }

  @Override
  public void put(SessionId id, ContentHash hash, Content content)
      throws IOException, InterruptedException {
    String what = "storing content " + hash + " of session " + id;
    if (database.write(what, tx -> keep(tx, SessionLock.require(tx, id), hash))) {
      return;
    }
    IncomingBlob blob = IncomingBlob.read(database, id, Blobs.OF_MANIFEST, hash, content, clock);
    try {
      database.write(
          what,
          tx -> {
            SessionLock session = SessionLock.require(tx, id);
            // Somebody else may have put the same meanwhile.
            return keep(tx, session, hash) || blob.store(tx, session).key() > 0;
          });
    } finally {
      blob.discard();
    }
  }

  /** Whether it is there; from now on it outlives the next manifest, also when it is not new. */
  private static boolean keep(Tx tx, SessionLock session, ContentHash hash) throws SQLException {
    return tx.update(
            "UPDATE stored_blob SET fresh = 1"
                + " WHERE session_key = ? AND space = ? AND hash = ? AND state = ?",
            session.key(),
            Blobs.OF_MANIFEST,
            Keys.of(hash),
            Blobs.THERE)
        > 0;
  }

  @Override
  public InputStream open(SessionId id, ContentHash hash) throws InterruptedException {
    Blobs.Blob blob =
        database
            .read(
                "opening content " + hash + " of session " + id,
                tx -> {
                  Optional<Long> session = SessionTable.key(tx, id);
                  return session.isEmpty()
                      ? Optional.<Blobs.Blob>empty()
                      : Blobs.find(tx, session.get(), Blobs.OF_MANIFEST, hash);
                })
            .orElseThrow(() -> notFound(id, hash));
    return Blobs.open(database, id, blob);
  }

  @Override
  public void saveManifest(SessionId id, LeaseEpoch epoch, Manifest manifest)
      throws InterruptedException {
    ManifestRows rows = ManifestRows.of(manifest);
    String what = "saving the manifest of session " + id;
    long key =
        database.write(
            what,
            tx -> {
              SessionLock session = SessionLock.require(tx, id, epoch);
              dropAllBut(tx, session, rows.needed());
              rows.replaceIn(tx, session.key());
              tx.update("UPDATE session SET has_manifest = 1 WHERE session_key = ?", session.key());
              return session.key();
            });
    // In steps of their own, so that others get their turn; what is left is removed some time
    // later.
    database.writeAll(what, tx -> Blobs.sweep(tx, key, Blobs.DROPPED));
  }

  /** A stored content and whether it was put since the last manifest. */
  private record Held(long key, ContentHash hash, boolean fresh) {}

  private static void dropAllBut(Tx tx, SessionLock session, Set<ContentHash> needed)
      throws SQLException {
    List<Held> all =
        tx.all(
            "SELECT blob_key, hash, fresh FROM stored_blob"
                + " WHERE session_key = ? AND space = ? AND state = ?",
            row -> new Held(row.getLong(1), Keys.hash(row.getBytes(2)), row.getInt(3) > 0),
            session.key(),
            Blobs.OF_MANIFEST,
            Blobs.THERE);
    Set<ContentHash> absent = new LinkedHashSet<>(needed);
    List<@Nullable Object[]> dropped = new ArrayList<>();
    List<@Nullable Object[]> aged = new ArrayList<>();
    for (Held blob : all) {
      boolean isNeeded = absent.remove(blob.hash());
      if (blob.fresh()) {
        aged.add(new Object[] {blob.key()});
      } else if (!isNeeded) {
        dropped.add(new Object[] {Blobs.DROPPED, blob.key()});
      }
    }
    if (!absent.isEmpty()) {
      throw notFound(session.id(), absent.iterator().next());
    }
    tx.batch("UPDATE stored_blob SET fresh = 0 WHERE blob_key = ?", aged);
    tx.batch("UPDATE stored_blob SET state = ? WHERE blob_key = ?", dropped);
  }

  @Override
  public Optional<Manifest> manifest(SessionId id) throws InterruptedException {
    Optional<List<byte[]>> files =
        database.read(
            "reading the manifest of session " + id,
            tx -> {
              Optional<Long> session =
                  tx.first(
                      "SELECT session_key FROM session WHERE id = ? AND has_manifest = 1",
                      row -> row.getLong(1),
                      id.value());
              return session.isEmpty()
                  ? Optional.<List<byte[]>>empty()
                  : Optional.of(ManifestRows.files(tx, session.get()));
            });
    return files.map(
        rows ->
            new Manifest(
                rows.stream().map(row -> FileMaps.read(Json.read("manifest", row))).toList()));
  }

  private static AgentRuntimeException notFound(SessionId id, ContentHash hash) {
    return new AgentRuntimeException(
        StandardError.FILE_NOT_FOUND, "session " + id + " has no stored content " + hash);
  }
}
