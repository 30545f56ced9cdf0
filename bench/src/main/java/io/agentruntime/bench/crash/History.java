// SPDX-License-Identifier: MIT

package io.agentruntime.bench.crash;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Predicate;

/** All that a client was told of a session, over all its connections. Thread-safe. */
final class History {
  private final ReentrantLock lock = new ReentrantLock();
  private final Condition more = lock.newCondition();
  private final List<Told> told = new ArrayList<>();
  private final List<String> troubles = new ArrayList<>();
  private long joinedAt;
  private long cursor;

  /** A connection begins, behind the last event. */
  long join() {
    lock.lock();
    try {
      joinedAt = cursor;
      return cursor;
    } finally {
      lock.unlock();
    }
  }

  /** An event came. */
  void add(Told event) {
    lock.lock();
    try {
      if (event.name().equals("session:status") && event.seq() <= joinedAt) {
        // What each joining client is told first, with the number that it has.
        return;
      }
      if (event.name().equals("session:reset")) {
        troubles.add("was told to begin again at " + event.seq() + ", having " + cursor);
        return;
      }
      if (event.seq() <= cursor) {
        troubles.add("got event " + event.seq() + " (" + event.name() + ") after " + cursor);
        return;
      }
      cursor = event.seq();
      told.add(event);
      more.signalAll();
    } finally {
      lock.unlock();
    }
  }

  /** Something else went wrong. */
  void trouble(String what) {
    lock.lock();
    try {
      troubles.add(what);
    } finally {
      lock.unlock();
    }
  }

  List<Told> told() {
    lock.lock();
    try {
      return List.copyOf(told);
    } finally {
      lock.unlock();
    }
  }

  List<String> troubles() {
    lock.lock();
    try {
      return List.copyOf(troubles);
    } finally {
      lock.unlock();
    }
  }

  long cursor() {
    lock.lock();
    try {
      return cursor;
    } finally {
      lock.unlock();
    }
  }

  /** Waits until the events so far are enough; whether they are. */
  boolean await(Predicate<List<Told>> enough, Duration patience) throws InterruptedException {
    long left = patience.toNanos();
    lock.lock();
    try {
      while (!enough.test(told)) {
        if (left <= 0) {
          return false;
        }
        left = more.awaitNanos(left);
      }
      return true;
    } finally {
      lock.unlock();
    }
  }
}
