// SPDX-License-Identifier: MIT

package io.agentruntime.testkit.persistence;

import io.agentruntime.model.session.SessionId;
import io.agentruntime.model.workspace.Content;
import io.agentruntime.model.workspace.ContentHash;
import io.agentruntime.model.workspace.Manifest;
import io.agentruntime.spi.persistence.LeaseEpoch;
import io.agentruntime.spi.persistence.WorkspaceStore;
import java.io.IOException;
import java.io.InputStream;
import java.util.Collection;
import java.util.Optional;
import java.util.Set;

/** The workspace store behind {@link FaultyPersistence}. */
final class FaultyWorkspaceStore implements WorkspaceStore {
  private final WorkspaceStore delegate;
  private final Gate writes;
  private final Gate reads;

  FaultyWorkspaceStore(WorkspaceStore delegate, Gate writes, Gate reads) {
    this.delegate = delegate;
    this.writes = writes;
    this.reads = reads;
  }

  @Override
  public Set<ContentHash> missing(SessionId id, Collection<ContentHash> hashes)
      throws InterruptedException {
    reads.pass();
    return delegate.missing(id, hashes);
  }

  @Override
  public void put(SessionId id, ContentHash hash, Content content)
      throws IOException, InterruptedException {
    writes.pass();
    delegate.put(id, hash, content);
  }

  @Override
  public InputStream open(SessionId id, ContentHash hash) throws IOException, InterruptedException {
    reads.pass();
    return delegate.open(id, hash);
  }

  @Override
  public void saveManifest(SessionId id, LeaseEpoch epoch, Manifest manifest)
      throws InterruptedException {
    writes.pass();
    delegate.saveManifest(id, epoch, manifest);
  }

  @Override
  public Optional<Manifest> manifest(SessionId id) throws InterruptedException {
    reads.pass();
    return delegate.manifest(id);
  }
}
