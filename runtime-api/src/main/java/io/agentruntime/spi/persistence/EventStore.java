// SPDX-License-Identifier: MIT

package io.agentruntime.spi.persistence;

import io.agentruntime.model.session.SessionId;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Keeps the event logs of all sessions. Thread-safe; the runtime appends from one thread.
 *
 * <p>What was appended never changes, except that {@link #compact} may drop deltas.
 */
public interface EventStore {
  /**
   * Appends to many sessions' logs, in one transaction where the store can. Each batch succeeds or
   * fails on its own, as a whole, and the results stand in the order of the batches; batches of one
   * session are appended in that order. A batch for a session that does not exist ends as {@link
   * AppendResult.Failed} with {@code SESSION_NOT_FOUND}: a late writer never revives what was
   * deleted.
   */
  List<AppendResult> append(List<AppendBatch> batches) throws InterruptedException;

  /**
   * Reads events after a number, in order. A session that does not exist has an empty log.
   *
   * @param after the number after which to begin, 0 for the whole log
   * @param limit how many events at most, at least 1
   * @return at most {@code limit} events; fewer only at the end of the log
   */
  EventPage read(SessionId id, long after, int limit) throws InterruptedException;

  /** The last number of a log; 0 when it is empty. */
  long last(SessionId id) throws InterruptedException;

  /**
   * Sessions whose newest appended batch left {@linkplain AppendBatch#openMessages messages open}:
   * what a server asks at its start, to go on where an earlier one was ended. One statement and few
   * results, whatever the number of sessions.
   *
   * @param after only sessions with an id after this one, null for the first page
   * @param limit how many at most, at least 1
   * @return in the order of their ids; fewer than {@code limit} only at the end
   */
  List<SessionId> unfinished(@Nullable SessionId after, int limit) throws InterruptedException;

  /**
   * Drops the deltas of blocks that were completed at or before a number; numbers of other events
   * do not change, and neither does {@link #last}. A page that lacks only such deltas is still
   * {@linkplain EventPage#complete complete}, because the completed block says all they said.
   *
   * @return how many events were dropped
   * @throws io.agentruntime.error.AgentRuntimeException {@code UNSUPPORTED} without the capability
   *     {@link PersistenceCapability#COMPACTION}, {@code FENCED}, {@code SESSION_NOT_FOUND}
   */
  default long compact(SessionId id, LeaseEpoch epoch, long upTo) throws InterruptedException {
    throw io.agentruntime.error.AgentRuntimeException.unsupported(
        "event store", PersistenceCapability.COMPACTION);
  }
}
