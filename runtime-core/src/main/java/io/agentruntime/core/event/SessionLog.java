// SPDX-License-Identifier: MIT

package io.agentruntime.core.event;

import io.agentruntime.error.AgentRuntimeException;
import io.agentruntime.error.StandardError;
import io.agentruntime.model.block.Block;
import io.agentruntime.model.block.BlockStatus;
import io.agentruntime.model.event.EventEnvelope;
import io.agentruntime.model.event.SessionEvent;
import io.agentruntime.model.event.SessionEvent.BlockCompleted;
import io.agentruntime.model.event.SessionEvent.BlockStarted;
import io.agentruntime.model.event.SessionEvent.BlockUpdated;
import io.agentruntime.model.session.SessionId;
import io.agentruntime.spi.persistence.AppendBatch;
import io.agentruntime.spi.persistence.EventPage;
import io.agentruntime.spi.persistence.LeaseEpoch;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
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
  private static final int TAIL_EVENTS = 1_000;
  private static final long TAIL_BYTES = 1L << 20;
  private static final Duration FIRST_RETRY = Duration.ofMillis(50);
  private static final Duration LAST_RETRY = Duration.ofSeconds(5);

  /** What the store cannot do only for a moment is nobody's concern. */
  private static final long TROUBLE_NANOS = Duration.ofSeconds(1).toNanos();

  private final EventLog owner;
  private final SessionId id;
  private final LeaseEpoch epoch;
  private final LogState committedState;
  private final InstantSource clock;
  private final Map<String, Instant> openedAt = new HashMap<>();
  private final ReentrantLock lock = new ReentrantLock();
  private final Condition changed = lock.newCondition();
  private final WeighedEvents pending = new WeighedEvents();
  private final WeighedEvents tail = new WeighedEvents();
  private final Deque<Waiter> waiters = new ArrayDeque<>();
  private long lastAssigned;
  private long lastCommitted;
  private long retryAt = System.nanoTime();
  private Duration backOff = Duration.ZERO;
  private @Nullable AgentRuntimeException trouble;
  private long troubleSince;
  private boolean fenced;
  private boolean closed;
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
    this.lastCommitted = last;
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
      if (fenced) {
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
                stamp(draft.event(), now));
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
      if (lastCommitted < lastAssigned) {
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
          && !fenced
          && !closed) {
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
      while (lastCommitted < target) {
        if (fenced) {
          throw new AgentRuntimeException(
              StandardError.FENCED, "session " + id + " is owned by another server now");
        }
        if (nanos <= 0) {
          throw new AgentRuntimeException(
              StandardError.STORE_UNAVAILABLE,
              "session " + id + ": the store did not take the change in time",
              trouble);
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
    lock.lock();
    try {
      return lastCommitted;
    } finally {
      lock.unlock();
    }
  }

  /** Follows the committed events after a number. */
  public EventFeed feed(long after) {
    return new LogFeed(after);
  }

  /** Ends all feeds; nothing may be appended afterwards. */
  public void close() {
    lock.lock();
    try {
      closed = true;
      changed.signalAll();
    } finally {
      lock.unlock();
    }
  }

  long retryAt() {
    return retryAt;
  }

  @Nullable AppendBatch batch(int max) {
    lock.lock();
    try {
      if (pending.isEmpty() || fenced) {
        return null;
      }
      List<EventEnvelope> events = pending.first(max, MAX_BATCH_BYTES);
      int open = committedState.openMessages();
      for (EventEnvelope envelope : events) {
        open += openedMessages(envelope.event());
      }
      return new AppendBatch(id, epoch, lastCommitted, events, Math.max(0, open));
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
        tail.take(pending);
      }
      tail.keepLast(TAIL_EVENTS, TAIL_BYTES);
      lastCommitted = batch.events().getLast().seq();
      if (trouble != null) {
        log.info("session {}: the store takes events again", id);
      }
      trouble = null;
      backOff = Duration.ZERO;
      while (!waiters.isEmpty() && waiters.getFirst().seq() <= lastCommitted) {
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
      if (trouble == null) {
        log.warn("session {}: the store does not take events: {}", id, error.getMessage());
        troubleSince = System.nanoTime();
      }
      trouble = error;
      backOff =
          backOff.isZero()
              ? FIRST_RETRY
              : backOff.multipliedBy(2).compareTo(LAST_RETRY) > 0
                  ? LAST_RETRY
                  : backOff.multipliedBy(2);
      retryAt = System.nanoTime() + backOff.toNanos();
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
      fenced = true;
      closed = true;
      pending.clear();
      waiters.clear();
      changed.signalAll();
    } finally {
      lock.unlock();
    }
    onFenced.run();
    return false;
  }

  /** A block keeps the time of its first event for life. */
  private SessionEvent stamp(SessionEvent event, Instant now) {
    return switch (event) {
      case BlockStarted e -> new BlockStarted(stamp(e.block(), now, true));
      case BlockUpdated e -> new BlockUpdated(stamp(e.block(), now, true));
      case BlockCompleted e -> new BlockCompleted(stamp(e.block(), now, false));
      default -> event;
    };
  }

  private Block stamp(Block block, Instant now, boolean staysOpen) {
    String key = block.id().value();
    Instant known = openedAt.get(key);
    Instant at = block.header().at();
    if (at == null) {
      at = known == null ? now : known;
    }
    if (staysOpen && block.status() == BlockStatus.PENDING) {
      openedAt.put(key, at);
    } else {
      openedAt.remove(key);
    }
    return at.equals(block.header().at()) ? block : block.withHeader(block.header().at(at));
  }

  /** A cursor on this log. */
  private final class LogFeed implements EventFeed {
    private static final int PAGE = 500;

    private long cursor;
    private boolean ended;
    private boolean toldOfTrouble;

    LogFeed(long after) {
      cursor = after;
    }

    @Override
    public FeedBatch next(Duration timeout) throws InterruptedException {
      lock.lock();
      try {
        long deadline = System.nanoTime() + timeout.toNanos();
        while (true) {
          if (ended) {
            return FeedBatch.END;
          }
          if (toldOfTrouble && trouble == null) {
            toldOfTrouble = false;
            return FeedBatch.RECOVERED;
          }
          if (cursor > lastCommitted) {
            // A cursor from another life of this log: begin again from the present state.
            cursor = lastCommitted;
            return new FeedBatch(List.of(), true, false);
          }
          if (cursor < lastCommitted) {
            if (!tail.isEmpty() && tail.firstSeq() <= cursor + 1) {
              return fromTail();
            }
            break;
          }
          if (closed) {
            return fenced ? FeedBatch.TAKEN_OVER : FeedBatch.END;
          }
          // Only who has everything that there is: an empty batch means nothing less.
          long untilTrouble = toldOfTrouble ? Long.MAX_VALUE : untilTrouble();
          if (untilTrouble <= 0) {
            toldOfTrouble = true;
            return FeedBatch.FAILING;
          }
          long left = deadline - System.nanoTime();
          if (left <= 0) {
            return FeedBatch.EMPTY;
          }
          long unused = changed.awaitNanos(Math.min(left, untilTrouble));
        }
      } finally {
        lock.unlock();
      }
      return fromStore();
    }

    @Override
    public long cursor() {
      return cursor;
    }

    @Override
    public void close() {
      lock.lock();
      try {
        ended = true;
        changed.signalAll();
      } finally {
        lock.unlock();
      }
    }

    /** When the reader has to be told that the store fails; as long as it goes, never. */
    private long untilTrouble() {
      return trouble == null ? Long.MAX_VALUE : troubleSince + TROUBLE_NANOS - System.nanoTime();
    }

    private FeedBatch fromTail() {
      List<EventEnvelope> events = tail.after(cursor, PAGE);
      cursor = events.getLast().seq();
      return new FeedBatch(events, false, false);
    }

    private FeedBatch fromStore() throws InterruptedException {
      // The store may know events already whose commit has not been taken note of here.
      long last = lastCommitted();
      EventPage page = owner.store().read(id, cursor, PAGE);
      List<EventEnvelope> events = page.events().stream().filter(e -> e.seq() <= last).toList();
      if (!page.complete() || events.isEmpty()) {
        cursor = last;
        return new FeedBatch(List.of(), true, false);
      }
      cursor = events.getLast().seq();
      return new FeedBatch(events, false, false);
    }
  }
}
