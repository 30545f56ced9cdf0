// SPDX-License-Identifier: MIT

package io.agentruntime.testkit.requirement;

import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/** A value computed by the first who asks. Thread-safe; a failed attempt is repeated. */
final class Once<T> {
  /** How the value is made. */
  @FunctionalInterface
  interface Source<T> {
    T make() throws InterruptedException;
  }

  private final ReentrantLock lock = new ReentrantLock();
  private final Source<T> source;
  private @Nullable T value;

  Once(Source<T> source) {
    this.source = source;
  }

  T get() throws InterruptedException {
    // Made under the lock on purpose: everybody needs the answer, and it is to be looked up once.
    lock.lockInterruptibly();
    try {
      T known = value;
      if (known == null) {
        known = source.make();
        value = known;
      }
      return known;
    } finally {
      lock.unlock();
    }
  }
}
