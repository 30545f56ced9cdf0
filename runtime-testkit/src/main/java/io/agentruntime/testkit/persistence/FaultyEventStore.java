// SPDX-License-Identifier: MIT

package io.agentruntime.testkit.persistence;

import io.agentruntime.error.AgentRuntimeException;
import io.agentruntime.model.session.SessionId;
import io.agentruntime.spi.persistence.AppendBatch;
import io.agentruntime.spi.persistence.AppendResult;
import io.agentruntime.spi.persistence.EventPage;
import io.agentruntime.spi.persistence.EventStore;
import io.agentruntime.spi.persistence.LeaseEpoch;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** The event store behind {@link FaultyPersistence}. */
final class FaultyEventStore implements EventStore {
  private final EventStore delegate;
  private final Gate appends;
  private final Gate replies;
  private final Gate writes;
  private final Gate reads;

  FaultyEventStore(EventStore delegate, Gate appends, Gate replies, Gate writes, Gate reads) {
    this.delegate = delegate;
    this.appends = appends;
    this.replies = replies;
    this.writes = writes;
    this.reads = reads;
  }

  @Override
  public List<AppendResult> append(List<AppendBatch> batches) throws InterruptedException {
    try {
      writes.pass();
      appends.pass();
      List<AppendResult> results = delegate.append(batches);
      replies.pass();
      return results;
    } catch (AgentRuntimeException e) {
      AppendResult failed = new AppendResult.Failed(e);
      return batches.stream().map(batch -> failed).toList();
    }
  }

  @Override
  public EventPage read(SessionId id, long after, int limit) throws InterruptedException {
    reads.pass();
    return delegate.read(id, after, limit);
  }

  @Override
  public long last(SessionId id) throws InterruptedException {
    reads.pass();
    return delegate.last(id);
  }

  @Override
  public List<SessionId> unfinished(@Nullable SessionId after, int limit)
      throws InterruptedException {
    reads.pass();
    return delegate.unfinished(after, limit);
  }

  @Override
  public long compact(SessionId id, LeaseEpoch epoch, long upTo) throws InterruptedException {
    writes.pass();
    return delegate.compact(id, epoch, upTo);
  }
}
