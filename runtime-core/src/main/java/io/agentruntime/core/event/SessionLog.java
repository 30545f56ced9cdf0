// SPDX-License-Identifier: MIT

package io.agentruntime.core.event;

import io.agentruntime.error.AgentRuntimeException;
import io.agentruntime.error.StandardError;
import io.agentruntime.model.event.EventEnvelope;
import io.agentruntime.model.event.SessionEvent;
import io.agentruntime.model.session.SessionId;
import io.agentruntime.spi.persistence.AppendBatch;
import io.agentruntime.spi.persistence.LeaseEpoch;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One session's log as its owner holds it: numbers events, hands them to the writer, and lets feeds
 * read what was committed.
 *
 * <p>{@link #append} is confined to the session's actor; everything else is thread-safe.
 */
public final class SessionLog {
  private static final Logger log = LoggerFactory.getLogger(SessionLog.class);
  private static final int MAX_PENDING = 4_000;
  private static final long MAX_PENDING_BYTES = 16L << 20;
  private static final long MAX_BATCH_BYTES = 4L << 20;

  private final EventLog owner;
  private final SessionId id;
  private final LeaseEpoch epoch;
  private final LogState committedState;
  private final InstantSource clock;
  private final BlockTimes times = new BlockTimes();
  private final LogEnd end;
  private final ReentrantLock lock;
  private final Condition changed;
  private final WeighedEvents pending = new WeighedEvents();
  private final Deque<Waiter> waiters = new ArrayDeque<>();
  private long lastAssigned;
  private volatile Runnable onFenced = () -> {};

  private record Waiter(long seq, Runnable action) {}

  SessionLog(
      EventLog owner,
      SessionId id,
      LeaseEpoch epoch,
      LogState committedState,
      long last,
      InstantSource clock) {
    this.owner = owner;
    this.id = id;
    this.epoch = epoch;
    this.committedState = committedState;
    this.clock = clock;
    this.lastAssigned = last;
    this.end = new LogEnd(id, last);
    this.lock = end.lock;
    this.changed = end.changed;
  }

  /** What to do, on the writer's thread, when a newer owner exists. */
  public void onFenced(Runnable action) {
    onFenced = action;
  }

  /**
   * Numbers events and hands them to the writer.
   *
   * @return the envelopes, not committed yet
   */
  public List<EventEnvelope> append(List<Draft> drafts) {
    if (drafts.isEmpty()) {
      return List.of();
    }
    Instant now = clock.instant();
    List<EventEnvelope> envelopes = new ArrayList<>(drafts.size());
    lock.lock();
    try {
      if (end.isFenced()) {
        throw new AgentRuntimeException(
            StandardError.FENCED, "session " + id + " is owned by another server now");
      }
      for (Draft draft : drafts) {
        EventEnvelope envelope =
            new EventEnvelope(
                EventEnvelope.SCHEMA,
                id,
                ++lastAssigned,
                draft.conversationId(),
                draft.turnId(),
                draft.indexInTurn(),
                now,
                times.stamp(draft.event(), now));
        envelopes.add(envelope);
        pending.addLast(envelope);
      }
    } finally {
      lock.unlock();
    }
    owner.pending(this);
    return envelopes;
  }

  /** Runs an action once everything appended so far is committed; at once if it is already. */
  public void whenCommitted(Runnable action) {
    lock.lock();
    try {
      if (end.lastCommitted() < lastAssigned) {
        waiters.addLast(new Waiter(lastAssigned, action));
        return;
      }
    } finally {
      lock.unlock();
    }
    action.run();
  }

  /** Waits until the writer has caught up enough for more events to be decoded. */
  public void awaitRoom() throws InterruptedException {
    lock.lock();
    try {
      while ((pending.size() >= MAX_PENDING || pending.bytes() >= MAX_PENDING_BYTES)
          && !end.isFenced()
          && !end.isClosed()) {
        changed.await();
      }
    } finally {
      lock.unlock();
    }
  }

  /**
   * Waits until everything appended so far is committed.
   *
   * @throws AgentRuntimeException {@code STORE_UNAVAILABLE} after the timeout, {@code FENCED}
   */
  public void awaitCommitted(Duration timeout) throws InterruptedException {
    lock.lock();
    try {
      long target = lastAssigned;
      long nanos = timeout.toNanos();
      while (end.lastCommitted() < target) {
        if (end.isFenced()) {
          throw new AgentRuntimeException(
              StandardError.FENCED, "session " + id + " is owned by another server now");
        }
        if (nanos <= 0) {
          throw new AgentRuntimeException(
              StandardError.STORE_UNAVAILABLE,
              "session " + id + ": the store did not take the change in time",
              end.trouble.reason());
        }
        nanos = changed.awaitNanos(nanos);
      }
    } finally {
      lock.unlock();
    }
  }

  /** Reads the committed state under the lock that guards it. */
  public <T> T read(Supplier<T> reader) {
    lock.lock();
    try {
      return reader.get();
    } finally {
      lock.unlock();
    }
  }

  /** The last committed number. */
  public long lastCommitted() {
    return end.lastCommittedNow();
  }

  /** Follows the committed events after a number. */
  public EventFeed feed(long after) {
    return new LogFeed(id, end, owner.store(), after);
  }

  /** Ends all feeds; nothing may be appended afterwards. */
  public void close() {
    lock.lock();
    try {
      end.close();
      changed.signalAll();
    } finally {
      lock.unlock();
    }
  }

  long retryAt() {
    return end.trouble.retryAt();
  }

  @Nullable AppendBatch batch(int max) {
    lock.lock();
    try {
      if (pending.isEmpty() || end.isFenced()) {
        return null;
      }
      List<EventEnvelope> events = pending.first(max, MAX_BATCH_BYTES);
      int open = committedState.openMessages();
      for (EventEnvelope envelope : events) {
        open += openedMessages(envelope.event());
      }
      return new AppendBatch(id, epoch, end.lastCommitted(), events, Math.max(0, open));
    } finally {
      lock.unlock();
    }
  }

  /** How many more messages are open after an event than before it. */
  private static int openedMessages(SessionEvent event) {
    return switch (event) {
      case SessionEvent.TurnQueued e -> 1;
      case SessionEvent.TurnCancelled e -> -1;
      case SessionEvent.TurnCompleted e -> -1;
      case SessionEvent.TurnFailed e -> -1;
      case SessionEvent.TurnInterrupted e -> -1;
      default -> 0;
    };
  }

  /** Takes a batch as committed; returns whether more is pending. */
  boolean committed(AppendBatch batch) {
    List<Runnable> due = new ArrayList<>();
    boolean more;
    lock.lock();
    try {
      for (EventEnvelope envelope : batch.events()) {
        committedState.apply(envelope);
        end.commitFirst(pending);
      }
      end.committed(batch.events().getLast());
      while (!waiters.isEmpty() && waiters.getFirst().seq() <= end.lastCommitted()) {
        due.add(waiters.removeFirst().action());
      }
      more = !pending.isEmpty();
      changed.signalAll();
    } finally {
      lock.unlock();
    }
    due.forEach(Runnable::run);
    return more;
  }

  /** Takes a batch as failed, to be tried again. */
  boolean failed(AgentRuntimeException error) {
    lock.lock();
    try {
      end.trouble.failed(error);
      changed.signalAll();
    } finally {
      lock.unlock();
    }
    return true;
  }

  /** Takes the session as lost to another owner. */
  boolean fenced(String reason) {
    log.error("session {}: another owner holds it ({}); this one lets go", id, reason);
    lock.lock();
    try {
      end.fence();
      pending.clear();
      waiters.clear();
      changed.signalAll();
    } finally {
      lock.unlock();
    }
    onFenced.run();
    return false;
  }
}
