// SPDX-License-Identifier: MIT

package io.agentruntime.core.event;

import io.agentruntime.model.event.EventEnvelope;
import io.agentruntime.model.session.SessionId;
import io.agentruntime.spi.persistence.EventPage;
import io.agentruntime.spi.persistence.EventStore;
import java.time.Duration;
import java.util.List;

/** A cursor on one session's log: reads from its end, and from the store what is further back. */
final class LogFeed implements EventFeed {
  private static final int PAGE = 500;

  private final SessionId id;
  private final LogEnd end;
  private final EventStore store;
  private long cursor;
  private boolean ended;
  private boolean toldOfTrouble;

  LogFeed(SessionId id, LogEnd end, EventStore store, long after) {
    this.id = id;
    this.end = end;
    this.store = store;
    this.cursor = after;
  }

  @Override
  public FeedBatch next(Duration timeout) throws InterruptedException {
    end.lock.lock();
    try {
      long deadline = System.nanoTime() + timeout.toNanos();
      while (true) {
        if (ended) {
          return FeedBatch.END;
        }
        if (toldOfTrouble && end.trouble.reason() == null) {
          toldOfTrouble = false;
          return FeedBatch.RECOVERED;
        }
        if (cursor > end.lastCommitted()) {
          // A cursor from another life of this log: begin again from the present state.
          cursor = end.lastCommitted();
          return new FeedBatch(List.of(), true, false);
        }
        if (cursor < end.lastCommitted()) {
          if (!end.tail().isEmpty() && end.tail().firstSeq() <= cursor + 1) {
            return fromTail();
          }
          break;
        }
        if (end.isClosed()) {
          return end.isFenced() ? FeedBatch.TAKEN_OVER : FeedBatch.END;
        }
        // Only who has everything that there is: an empty batch means nothing less.
        long untilTrouble = toldOfTrouble ? Long.MAX_VALUE : end.trouble.untilConcern();
        if (untilTrouble <= 0) {
          toldOfTrouble = true;
          return FeedBatch.FAILING;
        }
        long left = deadline - System.nanoTime();
        if (left <= 0) {
          return FeedBatch.EMPTY;
        }
        long unused = end.changed.awaitNanos(Math.min(left, untilTrouble));
      }
    } finally {
      end.lock.unlock();
    }
    return fromStore();
  }

  @Override
  public long cursor() {
    return cursor;
  }

  @Override
  public void close() {
    end.lock.lock();
    try {
      ended = true;
      end.changed.signalAll();
    } finally {
      end.lock.unlock();
    }
  }

  private FeedBatch fromTail() {
    List<EventEnvelope> events = end.tail().after(cursor, PAGE);
    cursor = events.getLast().seq();
    return new FeedBatch(events, false, false);
  }

  private FeedBatch fromStore() throws InterruptedException {
    // The store may know events already whose commit has not been taken note of here.
    long last = end.lastCommittedNow();
    EventPage page = store.read(id, cursor, PAGE);
    List<EventEnvelope> events = page.events().stream().filter(e -> e.seq() <= last).toList();
    if (!page.complete() || events.isEmpty()) {
      cursor = last;
      return new FeedBatch(List.of(), true, false);
    }
    cursor = events.getLast().seq();
    return new FeedBatch(events, false, false);
  }
}
