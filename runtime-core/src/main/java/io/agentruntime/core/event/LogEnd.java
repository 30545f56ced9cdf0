// SPDX-License-Identifier: MIT

package io.agentruntime.core.event;

import io.agentruntime.model.event.EventEnvelope;
import io.agentruntime.model.session.SessionId;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;

/**
 * The end of one session's log as its readers see it: how far it is committed, the last of its
 * events, whether it goes on, and what keeps it from going on. All of it is guarded by {@link
 * #lock}; whoever changes it signals {@link #changed}.
 */
final class LogEnd {
  private static final int TAIL_EVENTS = 1_000;
  private static final long TAIL_BYTES = 1L << 20;

  final ReentrantLock lock = new ReentrantLock();
  final Condition changed = lock.newCondition();
  final StoreTrouble trouble;
  private final WeighedEvents tail = new WeighedEvents();
  private long lastCommitted;
  private boolean fenced;
  private boolean closed;

  LogEnd(SessionId id, long last) {
    this.trouble = new StoreTrouble(id);
    this.lastCommitted = last;
  }

  /** The last committed number. */
  long lastCommitted() {
    return lastCommitted;
  }

  /** The same for who does not hold the lock. */
  long lastCommittedNow() {
    lock.lock();
    try {
      return lastCommitted;
    } finally {
      lock.unlock();
    }
  }

  /** The last committed events. */
  WeighedEvents tail() {
    return tail;
  }

  /** Whether another owner has the session. */
  boolean isFenced() {
    return fenced;
  }

  /** Whether nothing more will be committed here. */
  boolean isClosed() {
    return closed;
  }

  /** Takes the first pending event as committed. */
  void commitFirst(WeighedEvents pending) {
    tail.take(pending);
  }

  /** Everything up to an event is committed. */
  void committed(EventEnvelope last) {
    tail.keepLast(TAIL_EVENTS, TAIL_BYTES);
    lastCommitted = last.seq();
    trouble.over();
  }

  /** Nothing more is committed. */
  void close() {
    closed = true;
  }

  /** Nothing more is committed here, but by another owner. */
  void fence() {
    fenced = true;
    closed = true;
  }
}
