package io.agentruntime.spi.persistence;

import io.agentruntime.model.session.SessionId;
import java.util.List;

/**
 * Keeps the event logs of all sessions. Thread-safe; the runtime appends from one thread.
 *
 * <p>What was appended never changes, except that {@link #compact} may drop deltas.
 */
public interface EventStore {
  /**
   * Appends to many sessions' logs, in one transaction where the store can. Each batch succeeds or
   * fails on its own, as a whole, and the results stand in the order of the batches.
   */
  List<AppendResult> append(List<AppendBatch> batches) throws InterruptedException;

  /**
   * Reads events after a number, in order.
   *
   * @return at most {@code limit} events; fewer only at the end of the log
   */
  EventPage read(SessionId id, long after, int limit) throws InterruptedException;

  /** The last number of a log; 0 when it is empty. */
  long last(SessionId id) throws InterruptedException;

  /**
   * Drops the deltas of blocks that were completed at or before a number; numbers of other events
   * do not change.
   *
   * @return how many events were dropped
   */
  default long compact(SessionId id, LeaseEpoch epoch, long upTo) throws InterruptedException {
    throw io.agentruntime.error.AgentRuntimeException.unsupported(
        "event store", PersistenceCapability.COMPACTION);
  }
}
