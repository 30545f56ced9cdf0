package io.agentruntime.spi.persistence;

import io.agentruntime.model.session.SessionId;
import io.agentruntime.model.workspace.Content;
import io.agentruntime.model.workspace.ContentHash;
import io.agentruntime.model.workspace.Manifest;
import java.io.IOException;
import java.io.InputStream;
import java.util.Collection;
import java.util.Optional;
import java.util.Set;

/** Keeps workspaces as manifests of content-addressed blobs. Thread-safe. */
public interface WorkspaceStore {
  /** Which of these blobs are not stored for the session yet. */
  Set<ContentHash> missing(SessionId id, Collection<ContentHash> hashes)
      throws InterruptedException;

  /** Stores a blob; no error when it is there. The content is read once, as a stream. */
  void put(SessionId id, ContentHash hash, Content content)
      throws IOException, InterruptedException;

  /**
   * Reads a blob; the caller closes the stream.
   *
   * @throws io.agentruntime.error.AgentRuntimeException {@code FILE_NOT_FOUND}
   */
  InputStream open(SessionId id, ContentHash hash) throws IOException, InterruptedException;

  /**
   * Replaces the manifest; blobs that no manifest needs any more may be dropped.
   *
   * @throws io.agentruntime.error.AgentRuntimeException {@code FENCED}
   */
  void saveManifest(SessionId id, LeaseEpoch epoch, Manifest manifest) throws InterruptedException;

  /** The manifest, empty when none was saved. */
  Optional<Manifest> manifest(SessionId id) throws InterruptedException;
}
