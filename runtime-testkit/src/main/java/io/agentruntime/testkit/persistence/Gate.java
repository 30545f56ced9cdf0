// SPDX-License-Identifier: MIT

package io.agentruntime.testkit.persistence;

import io.agentruntime.error.AgentRuntimeException;
import io.agentruntime.error.StandardError;
import java.time.Duration;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;

/** What stands before one kind of call of {@link FaultyPersistence}. Thread-safe. */
final class Gate {
  private enum State {
    OPEN,
    FAILING,
    SHUT
  }

  private final String name;
  private final ReentrantLock lock = new ReentrantLock();
  private final Condition changed = lock.newCondition();
  private State state = State.OPEN;
  private int failures;
  private int waiting;

  Gate(String name) {
    this.name = name;
  }

  /** Fails the next calls. */
  void fail(int calls) {
    set(State.OPEN, calls);
  }

  /** Fails all calls until opened. */
  void fail() {
    set(State.FAILING, 0);
  }

  /** Lets all calls wait until opened. */
  void shut() {
    set(State.SHUT, 0);
  }

  /** Lets all calls through, those that wait too. */
  void open() {
    set(State.OPEN, 0);
  }

  private void set(State newState, int newFailures) {
    lock.lock();
    try {
      state = newState;
      failures = newFailures;
      changed.signalAll();
    } finally {
      lock.unlock();
    }
  }

  /** Waits, fails or does nothing, as told. */
  void pass() throws InterruptedException {
    lock.lockInterruptibly();
    try {
      waiting++;
      changed.signalAll();
      try {
        while (state == State.SHUT) {
          changed.await();
        }
      } finally {
        waiting--;
      }
      if (state == State.FAILING || failures > 0) {
        failures = Math.max(0, failures - 1);
        throw new AgentRuntimeException(
            StandardError.STORE_UNAVAILABLE, "the test made this " + name + " fail");
      }
    } finally {
      lock.unlock();
    }
  }

  /** Waits until calls wait here. */
  void awaitWaiting(int calls, Duration deadline) throws InterruptedException {
    lock.lockInterruptibly();
    try {
      long left = deadline.toNanos();
      while (state != State.SHUT || waiting < calls) {
        if (left <= 0) {
          throw new AssertionError(
              waiting + " of " + calls + " calls wait at the gate '" + name + "' (" + state + ")");
        }
        left = changed.awaitNanos(left);
      }
    } finally {
      lock.unlock();
    }
  }
}
