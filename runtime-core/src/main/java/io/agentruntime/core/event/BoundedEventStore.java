package io.agentruntime.core.event;

import io.agentruntime.model.event.EventEnvelope;
import io.agentruntime.model.session.SessionId;
import io.agentruntime.spi.persistence.AppendBatch;
import io.agentruntime.spi.persistence.AppendResult;
import io.agentruntime.spi.persistence.EventPage;
import io.agentruntime.spi.persistence.EventStore;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/**
 * The event store used with adapters that have none: it keeps the newest events of each session in
 * memory and forgets the others, which readers are told. Thread-safe.
 */
final class BoundedEventStore implements EventStore {
  private final int maxEvents;
  private final Map<SessionId, Tail> tails = new ConcurrentHashMap<>();

  private static final class Tail {
    final Deque<EventEnvelope> events = new ArrayDeque<>();
    long last;
  }

  BoundedEventStore(int maxEvents) {
    this.maxEvents = maxEvents;
  }

  void forget(SessionId id) {
    tails.remove(id);
  }

  @Override
  public List<AppendResult> append(List<AppendBatch> batches) {
    List<AppendResult> results = new ArrayList<>(batches.size());
    for (AppendBatch batch : batches) {
      Tail tail = tails.computeIfAbsent(batch.id(), id -> new Tail());
      synchronized (tail) {
        if (tail.last != batch.expectedLast()) {
          results.add(new AppendResult.Conflict(tail.last));
          continue;
        }
        tail.events.addAll(batch.events());
        tail.last = batch.events().getLast().seq();
        while (tail.events.size() > maxEvents) {
          tail.events.removeFirst();
        }
        results.add(new AppendResult.Appended(tail.last));
      }
    }
    return results;
  }

  @Override
  public EventPage read(SessionId id, long after, int limit) {
    Tail tail = tails.get(id);
    if (tail == null) {
      return new EventPage(List.of(), 0, true);
    }
    synchronized (tail) {
      long first = tail.events.isEmpty() ? tail.last + 1 : tail.events.getFirst().seq();
      List<EventEnvelope> events =
          tail.events.stream().filter(e -> e.seq() > after).limit(limit).toList();
      return new EventPage(events, tail.last, after + 1 >= first);
    }
  }

  @Override
  public long last(SessionId id) {
    Tail tail = tails.get(id);
    if (tail == null) {
      return 0;
    }
    synchronized (tail) {
      return tail.last;
    }
  }
}
