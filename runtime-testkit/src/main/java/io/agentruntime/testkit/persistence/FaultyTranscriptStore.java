// SPDX-License-Identifier: MIT

package io.agentruntime.testkit.persistence;

import io.agentruntime.model.session.SessionId;
import io.agentruntime.spi.persistence.TranscriptChunk;
import io.agentruntime.spi.persistence.TranscriptFile;
import io.agentruntime.spi.persistence.TranscriptStore;
import java.io.IOException;
import java.io.InputStream;
import java.util.List;

/** The transcript store behind {@link FaultyPersistence}. */
final class FaultyTranscriptStore implements TranscriptStore {
  private final TranscriptStore delegate;
  private final Gate writes;
  private final Gate reads;

  FaultyTranscriptStore(TranscriptStore delegate, Gate writes, Gate reads) {
    this.delegate = delegate;
    this.writes = writes;
    this.reads = reads;
  }

  @Override
  public List<TranscriptFile> list(SessionId id) throws InterruptedException {
    reads.pass();
    return delegate.list(id);
  }

  @Override
  public void write(TranscriptChunk chunk) throws InterruptedException {
    writes.pass();
    delegate.write(chunk);
  }

  @Override
  public InputStream open(SessionId id, String name, long offset)
      throws IOException, InterruptedException {
    reads.pass();
    return delegate.open(id, name, offset);
  }
}
