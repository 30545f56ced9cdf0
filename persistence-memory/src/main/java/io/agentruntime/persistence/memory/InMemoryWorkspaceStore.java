// SPDX-License-Identifier: MIT

package io.agentruntime.persistence.memory;

import io.agentruntime.error.AgentRuntimeException;
import io.agentruntime.error.StandardError;
import io.agentruntime.model.session.SessionId;
import io.agentruntime.model.workspace.Content;
import io.agentruntime.model.workspace.ContentHash;
import io.agentruntime.model.workspace.Manifest;
import io.agentruntime.model.workspace.WorkspaceFile;
import io.agentruntime.spi.persistence.LeaseEpoch;
import io.agentruntime.spi.persistence.WorkspaceStore;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.util.Collection;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.Optional;
import java.util.Set;

/** Manifests and blobs. Thread-safe. */
final class InMemoryWorkspaceStore implements WorkspaceStore {
  private final MemorySessions sessions;

  InMemoryWorkspaceStore(MemorySessions sessions) {
    this.sessions = sessions;
  }

  @Override
  public Set<ContentHash> missing(SessionId id, Collection<ContentHash> hashes) {
    Set<ContentHash> missing = new LinkedHashSet<>(hashes);
    sessions.read(id, session -> missing.removeAll(session.blobs.keySet()));
    return missing;
  }

  @Override
  public void put(SessionId id, ContentHash hash, Content content) throws IOException {
    if (sessions.require(id, session -> keep(session, hash))) {
      return;
    }
    byte[] bytes = content.readAll();
    if (!ContentHash.of(bytes).equals(hash)) {
      throw AgentRuntimeException.invalid("content", "bytes with the hash " + hash);
    }
    sessions.require(
        id,
        session -> {
          if (!keep(session, hash)) {
            session.charge(bytes.length);
            session.blobs.put(hash, bytes);
          }
          return hash;
        });
  }

  /** Whether it is there; from now on it outlives the next manifest, also when it is not new. */
  private static boolean keep(MemorySession session, ContentHash hash) {
    session.putSinceManifest.add(hash);
    return session.blobs.containsKey(hash);
  }

  @Override
  public InputStream open(SessionId id, ContentHash hash) {
    return sessions
        .read(id, session -> session.blobs.get(hash))
        .map(ByteArrayInputStream::new)
        .orElseThrow(() -> notFound(id, hash));
  }

  @Override
  public void saveManifest(SessionId id, LeaseEpoch epoch, Manifest manifest) {
    sessions.write(
        id,
        epoch,
        session -> {
          Set<ContentHash> needed = needed(session, manifest);
          needed.addAll(session.putSinceManifest);
          session.putSinceManifest.clear();
          long before = held(session);
          session.blobs.keySet().retainAll(needed);
          session.charge(held(session) - before);
          session.manifest = manifest;
          return manifest;
        });
  }

  private static Set<ContentHash> needed(MemorySession session, Manifest manifest) {
    Set<ContentHash> needed = new HashSet<>();
    for (WorkspaceFile file : manifest.files()) {
      ContentHash hash = file.hash();
      if (hash != null) {
        if (!session.blobs.containsKey(hash)) {
          throw notFound(session.record.id(), hash);
        }
        needed.add(hash);
      }
    }
    return needed;
  }

  private static long held(MemorySession session) {
    return session.blobs.values().stream().mapToLong(blob -> blob.length).sum();
  }

  @Override
  public Optional<Manifest> manifest(SessionId id) {
    return sessions.read(id, session -> session.manifest);
  }

  private static AgentRuntimeException notFound(SessionId id, ContentHash hash) {
    return new AgentRuntimeException(
        StandardError.FILE_NOT_FOUND, "session " + id + " has no stored content " + hash);
  }
}
