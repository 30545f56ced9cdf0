// SPDX-License-Identifier: MIT

package io.agentruntime.app.gateway.engine;

import java.time.Duration;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/** Pings one client at intervals and finds out when it is gone. Thread-safe. */
final class Heartbeat {
  private final Timer timer;
  private final Duration interval;
  private final Duration timeout;
  private final Runnable ping;
  private final Runnable gone;

  private final ReentrantLock lock = new ReentrantLock();
  private Timer.@Nullable Pending pending;
  private boolean awaitingPong;
  private boolean stopped;

  /**
   * Creates a heartbeat that is not started.
   *
   * @param ping sends a ping
   * @param gone says that the answer did not come
   */
  Heartbeat(Timer timer, Duration interval, Duration timeout, Runnable ping, Runnable gone) {
    this.timer = timer;
    this.interval = interval;
    this.timeout = timeout;
    this.ping = ping;
    this.gone = gone;
  }

  void start() {
    schedule(false);
  }

  /** The client answered. */
  void pong() {
    lock.lock();
    try {
      if (!awaitingPong) {
        return;
      }
    } finally {
      lock.unlock();
    }
    schedule(false);
  }

  void stop() {
    lock.lock();
    try {
      stopped = true;
      cancel();
    } finally {
      lock.unlock();
    }
  }

  private void sendPing() {
    if (schedule(true)) {
      ping.run();
    }
  }

  private boolean schedule(boolean pinged) {
    lock.lock();
    try {
      if (stopped) {
        return false;
      }
      cancel();
      awaitingPong = pinged;
      pending = pinged ? timer.after(timeout, gone) : timer.after(interval, this::sendPing);
      return true;
    } finally {
      lock.unlock();
    }
  }

  private void cancel() {
    if (pending != null) {
      pending.cancel();
    }
  }
}
