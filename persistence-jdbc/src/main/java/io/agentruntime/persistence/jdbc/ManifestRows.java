// SPDX-License-Identifier: MIT

package io.agentruntime.persistence.jdbc;

import io.agentruntime.model.workspace.ContentHash;
import io.agentruntime.model.workspace.Manifest;
import io.agentruntime.model.workspace.WorkspaceFile;
import io.agentruntime.support.json.FileMaps;
import java.nio.ByteBuffer;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * A manifest as rows, one for each file, of which only those are written that differ.
 *
 * @param files by the key of their paths, as JSON
 * @param needed the contents of all files
 */
record ManifestRows(Map<ByteBuffer, ByteBuffer> files, Set<ContentHash> needed) {
  static ManifestRows of(Manifest manifest) {
    Map<ByteBuffer, ByteBuffer> files = LinkedHashMap.newLinkedHashMap(manifest.files().size());
    Set<ContentHash> needed = new HashSet<>();
    for (WorkspaceFile file : manifest.files()) {
      files.put(
          ByteBuffer.wrap(Keys.of(file.path().value())),
          ByteBuffer.wrap(Json.write(FileMaps.write(file))));
      ContentHash hash = file.hash();
      if (hash != null) {
        needed.add(hash);
      }
    }
    return new ManifestRows(files, needed);
  }

  /** Makes a session's rows equal to these. */
  void replaceIn(Tx tx, long session) throws SQLException {
    Map<ByteBuffer, ByteBuffer> known = new HashMap<>();
    tx.all(
            "SELECT path_hash, file FROM workspace_file WHERE session_key = ? AND space = ?",
            row -> new byte[][] {row.getBytes(1), row.getBytes(2)},
            session,
            Blobs.OF_MANIFEST)
        .forEach(row -> known.put(ByteBuffer.wrap(row[0]), ByteBuffer.wrap(row[1])));
    List<@Nullable Object[]> added = new ArrayList<>();
    List<@Nullable Object[]> changed = new ArrayList<>();
    for (Map.Entry<ByteBuffer, ByteBuffer> file : files.entrySet()) {
      ByteBuffer before = known.remove(file.getKey());
      byte[] path = bytes(file.getKey());
      byte[] json = bytes(file.getValue());
      if (before == null) {
        added.add(new Object[] {session, Blobs.OF_MANIFEST, path, json});
      } else if (!before.equals(file.getValue())) {
        changed.add(new Object[] {json, session, Blobs.OF_MANIFEST, path});
      }
    }
    List<@Nullable Object[]> removed = new ArrayList<>();
    for (ByteBuffer path : known.keySet()) {
      removed.add(new Object[] {session, Blobs.OF_MANIFEST, bytes(path)});
    }
    tx.batch(
        "DELETE FROM workspace_file WHERE session_key = ? AND space = ? AND path_hash = ?",
        removed);
    tx.batch(
        "UPDATE workspace_file SET file = ?"
            + " WHERE session_key = ? AND space = ? AND path_hash = ?",
        changed);
    tx.batch(
        "INSERT INTO workspace_file (session_key, space, path_hash, file) VALUES (?, ?, ?, ?)",
        added);
  }

  private static byte[] bytes(ByteBuffer buffer) {
    byte[] bytes = new byte[buffer.remaining()];
    buffer.get(buffer.position(), bytes);
    return bytes;
  }

  static List<byte[]> files(Tx tx, long session) throws SQLException {
    return tx.all(
        "SELECT file FROM workspace_file WHERE session_key = ? AND space = ?",
        row -> row.getBytes(1),
        session,
        Blobs.OF_MANIFEST);
  }
}
