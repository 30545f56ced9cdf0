// SPDX-License-Identifier: MIT

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

/**
 * Keeps workspaces as manifests of content-addressed blobs. Thread-safe.
 *
 * <p>They are apart from the files of {@link PersistenceAdapter#saveWorkspaceFile}: what was stored
 * through one is not seen through the other.
 */
public interface WorkspaceStore {
  /** Which of these blobs are not stored for the session yet. */
  Set<ContentHash> missing(SessionId id, Collection<ContentHash> hashes)
      throws InterruptedException;

  /**
   * Stores a blob; no error when it is there. The content is opened at most once and read as a
   * stream; when it fails or turns out to be other than its hash says, nothing is stored.
   *
   * <p>There is no epoch, because a blob can only ever be what its hash says.
   *
   * @throws io.agentruntime.error.AgentRuntimeException {@code INVALID_ARGUMENT} when the content
   *     does not have this hash, {@code SESSION_NOT_FOUND}
   */
  void put(SessionId id, ContentHash hash, Content content)
      throws IOException, InterruptedException;

  /**
   * Reads a blob; the caller closes the stream.
   *
   * @throws io.agentruntime.error.AgentRuntimeException {@code FILE_NOT_FOUND}
   */
  InputStream open(SessionId id, ContentHash hash) throws IOException, InterruptedException;

  /**
   * Replaces the manifest. Blobs that it does not need may be dropped, except those put since the
   * manifest before it was saved.
   *
   * @throws io.agentruntime.error.AgentRuntimeException {@code FILE_NOT_FOUND} when a blob that it
   *     needs was not put, {@code FENCED}, {@code SESSION_NOT_FOUND}
   */
  void saveManifest(SessionId id, LeaseEpoch epoch, Manifest manifest) throws InterruptedException;

  /** The manifest, empty when none was saved. */
  Optional<Manifest> manifest(SessionId id) throws InterruptedException;
}
