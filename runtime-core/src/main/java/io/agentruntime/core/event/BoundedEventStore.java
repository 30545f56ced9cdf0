// SPDX-License-Identifier: MIT

package io.agentruntime.core.event;

import io.agentruntime.model.event.EventEnvelope;
import io.agentruntime.model.event.SessionEvent;
import io.agentruntime.model.session.SessionId;
import io.agentruntime.spi.persistence.AppendBatch;
import io.agentruntime.spi.persistence.AppendResult;
import io.agentruntime.spi.persistence.EventPage;
import io.agentruntime.spi.persistence.EventStore;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The event store used with adapters that have none: it keeps the newest events in memory and
 * forgets the others, which readers are told. Thread-safe.
 *
 * <p>Two limits hold: one per session, and one for all together, for which the session that was
 * written to longest ago gives way first. What a session cannot do without (which messages came in
 * under which keys, and how the agent calls it) is kept longer, in its {@link #essentials}.
 */
final class BoundedEventStore implements EventStore {
  private static final int MAX_ESSENTIALS = 1_000;

  private final int maxEvents;
  private final long maxBytes;
  private final Map<SessionId, Tail> tails = new LinkedHashMap<>(16, 0.75f, true);
  private long bytes;

  private static final class Tail {
    final WeighedEvents events = new WeighedEvents();
    final List<EventEnvelope> messages = new ArrayList<>();
    @Nullable EventEnvelope nativeId;
    long last;
  }

  /**
   * A store.
   *
   * @param maxEvents how many events of one session are kept
   * @param maxBytes roughly how much memory all events may take together
   */
  BoundedEventStore(int maxEvents, long maxBytes) {
    this.maxEvents = maxEvents;
    this.maxBytes = maxBytes;
  }

  synchronized void forget(SessionId id) {
    Tail tail = tails.remove(id);
    if (tail != null) {
      bytes -= tail.events.bytes();
    }
  }

  /** Forgotten events without which a session cannot go on, in order. */
  synchronized List<EventEnvelope> essentials(SessionId id) {
    Tail tail = tails.get(id);
    if (tail == null) {
      return List.of();
    }
    List<EventEnvelope> kept = new ArrayList<>(tail.messages);
    if (tail.nativeId != null) {
      kept.add(tail.nativeId);
    }
    kept.sort(Comparator.comparingLong(EventEnvelope::seq));
    return kept;
  }

  @Override
  public synchronized List<AppendResult> append(List<AppendBatch> batches) {
    List<AppendResult> results = new ArrayList<>(batches.size());
    for (AppendBatch batch : batches) {
      Tail tail = tails.computeIfAbsent(batch.id(), id -> new Tail());
      if (tail.last != batch.expectedLast()) {
        results.add(new AppendResult.Conflict(tail.last));
        continue;
      }
      bytes -= tail.events.bytes();
      batch.events().forEach(tail.events::addLast);
      tail.last = batch.events().getLast().seq();
      while (tail.events.size() > maxEvents) {
        dropFirst(tail);
      }
      bytes += tail.events.bytes();
      results.add(new AppendResult.Appended(tail.last));
    }
    for (Tail oldest : tails.values()) {
      if (bytes <= maxBytes) {
        break;
      }
      shrink(oldest);
    }
    return results;
  }

  private void shrink(Tail tail) {
    while (bytes > maxBytes && !tail.events.isEmpty()) {
      long before = tail.events.bytes();
      dropFirst(tail);
      bytes -= before - tail.events.bytes();
    }
  }

  private static void dropFirst(Tail tail) {
    EventEnvelope dropped = tail.events.removeFirst();
    switch (dropped.event()) {
      case SessionEvent.NativeSessionBound bound -> tail.nativeId = dropped;
      case SessionEvent.TurnQueued queued -> {
        tail.messages.add(dropped);
        if (tail.messages.size() > MAX_ESSENTIALS) {
          tail.messages.removeFirst();
        }
      }
      default -> {
        // Told by the transcript, or only of interest while it happened.
      }
    }
  }

  @Override
  public synchronized EventPage read(SessionId id, long after, int limit) {
    Tail tail = tails.get(id);
    if (tail == null) {
      return new EventPage(List.of(), 0, true);
    }
    long first = tail.events.isEmpty() ? tail.last + 1 : tail.events.firstSeq();
    List<EventEnvelope> events =
        tail.events.isEmpty() || tail.last <= after
            ? List.of()
            : tail.events.after(Math.max(after, first - 1), limit);
    return new EventPage(events, tail.last, after + 1 >= first);
  }

  /** None: what is kept in memory has no later server. */
  @Override
  public List<SessionId> unfinished(@Nullable SessionId after, int limit) {
    return List.of();
  }

  @Override
  public synchronized long last(SessionId id) {
    Tail tail = tails.get(id);
    return tail == null ? 0 : tail.last;
  }
}
