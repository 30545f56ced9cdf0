// SPDX-License-Identifier: MIT

package io.agentruntime.core.event;

import io.agentruntime.model.event.EventEnvelope;
import io.agentruntime.support.json.ByteEstimate;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.Iterator;
import java.util.List;

/**
 * Consecutive events of one session, and how much memory they take. Guarded by its owner's lock.
 */
final class WeighedEvents {
  private final Deque<Weighed> events = new ArrayDeque<>();
  private long bytes;

  private record Weighed(EventEnvelope envelope, long bytes) {}

  int size() {
    return events.size();
  }

  boolean isEmpty() {
    return events.isEmpty();
  }

  long bytes() {
    return bytes;
  }

  /** The number of the first event; there must be one. */
  long firstSeq() {
    return events.getFirst().envelope().seq();
  }

  void addLast(EventEnvelope envelope) {
    add(new Weighed(envelope, ByteEstimate.of(envelope)));
  }

  /** Moves another one's first event to the end of this one. */
  void take(WeighedEvents from) {
    Weighed first = from.events.removeFirst();
    from.bytes -= first.bytes();
    add(first);
  }

  /** Removes and returns the first event. */
  EventEnvelope removeFirst() {
    Weighed first = events.removeFirst();
    bytes -= first.bytes();
    return first.envelope();
  }

  void clear() {
    events.clear();
    bytes = 0;
  }

  /** The first events up to a number and a size of them, but at least one. */
  List<EventEnvelope> first(int max, long maxBytes) {
    List<EventEnvelope> first = new ArrayList<>(Math.min(max, events.size()));
    long size = 0;
    Iterator<Weighed> all = events.iterator();
    while (all.hasNext() && first.size() < max && size < maxBytes) {
      Weighed next = all.next();
      first.add(next.envelope());
      size += next.bytes();
    }
    return first;
  }

  /** The events after a number that is not before the first one's predecessor. */
  List<EventEnvelope> after(long seq, int max) {
    Deque<EventEnvelope> found = new ArrayDeque<>();
    Iterator<Weighed> newest = events.descendingIterator();
    long skip = Math.max(0, events.getLast().envelope().seq() - seq - max);
    while (newest.hasNext()) {
      EventEnvelope envelope = newest.next().envelope();
      if (envelope.seq() <= seq) {
        break;
      }
      if (skip-- <= 0) {
        found.addFirst(envelope);
      }
    }
    return List.copyOf(found);
  }

  /** Drops the oldest events beyond a number or a size. */
  void keepLast(int max, long maxBytes) {
    while (events.size() > max || bytes > maxBytes) {
      removeFirst();
    }
  }

  private void add(Weighed weighed) {
    events.addLast(weighed);
    bytes += weighed.bytes();
  }
}
