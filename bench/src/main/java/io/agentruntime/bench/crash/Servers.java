// SPDX-License-Identifier: MIT

package io.agentruntime.bench.crash;

import java.time.Duration;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/** The server that is there now, if one is: what clients wait for. Thread-safe. */
final class Servers {
  private final ReentrantLock lock = new ReentrantLock();
  private final Condition changed = lock.newCondition();
  private @Nullable ServerLife current;
  private boolean over;

  /** Says which server is healthy, or that none is. */
  void now(@Nullable ServerLife life) {
    lock.lock();
    try {
      current = life;
      changed.signalAll();
    } finally {
      lock.unlock();
    }
  }

  /** Says that there will be no further server. */
  void noMore() {
    lock.lock();
    try {
      over = true;
      changed.signalAll();
    } finally {
      lock.unlock();
    }
  }

  /** Waits for a healthy server. */
  ServerLife await() throws InterruptedException, Over {
    lock.lock();
    try {
      while (current == null) {
        if (over) {
          throw new Over();
        }
        changed.await();
      }
      return current;
    } finally {
      lock.unlock();
    }
  }

  /** Waits a moment, or until another server is there. */
  void pause(Duration moment) throws InterruptedException, Over {
    lock.lock();
    try {
      if (over) {
        throw new Over();
      }
      boolean signalled = changed.await(moment.toNanos(), TimeUnit.NANOSECONDS);
      if (signalled && over) {
        throw new Over();
      }
    } finally {
      lock.unlock();
    }
  }

  /** The run is over. */
  static final class Over extends Exception {
    private static final long serialVersionUID = 1L;
  }
}
