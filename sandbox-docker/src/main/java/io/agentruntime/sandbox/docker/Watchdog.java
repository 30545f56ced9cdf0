// SPDX-License-Identifier: MIT

package io.agentruntime.sandbox.docker;

import java.io.Closeable;
import java.io.IOException;
import java.nio.channels.ClosedChannelException;
import java.time.Duration;
import java.util.concurrent.Future;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * Closes what takes too long: a Unix domain socket has no read timeout of its own. Thread-safe; one
 * daemon thread, ended by {@link #close()}.
 */
final class Watchdog implements AutoCloseable {
  /** For streams that may be silent for as long as they like. */
  static final Duration UNLIMITED = Duration.ZERO;

  private final ScheduledThreadPoolExecutor timer;

  Watchdog() {
    timer =
        new ScheduledThreadPoolExecutor(
            1, Thread.ofPlatform().daemon().name("docker-watchdog").factory());
    timer.setRemoveOnCancelPolicy(true);
  }

  /**
   * Closes something unless the returned limit is lifted in time.
   *
   * @param target made to fail in its blocking call by being closed
   * @param time {@link #UNLIMITED} for none
   * @throws ClosedChannelException if this watchdog was closed: what nobody can end must not begin;
   *     the target is closed
   */
  Limit limit(Closeable target, Duration time) throws IOException {
    Limit limit = new Limit(target);
    if (!time.equals(UNLIMITED)) {
      try {
        limit.pending = timer.schedule(limit::expire, time.toNanos(), TimeUnit.NANOSECONDS);
      } catch (RejectedExecutionException e) {
        target.close();
        ClosedChannelException closed = new ClosedChannelException();
        closed.initCause(e);
        throw closed;
      }
    }
    return limit;
  }

  @Override
  public void close() {
    timer.shutdownNow();
  }

  /** One running limit. Closing it lifts it. */
  static final class Limit implements AutoCloseable {
    private final Closeable target;
    private @Nullable Future<?> pending;
    private volatile boolean expired;

    private Limit(Closeable target) {
      this.target = target;
    }

    /** Whether the time was over before the limit was lifted. */
    boolean expired() {
      return expired;
    }

    private Void expire() throws IOException {
      expired = true;
      target.close();
      return null;
    }

    @Override
    public void close() {
      if (pending != null) {
        pending.cancel(false);
      }
    }
  }
}
