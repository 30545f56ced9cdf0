// SPDX-License-Identifier: MIT

package io.agentruntime.app.gateway.engine;

import java.time.Duration;
import java.util.concurrent.Future;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** A timer with one thread of its own. */
final class ThreadTimer implements Timer, AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(ThreadTimer.class);

  private final ScheduledThreadPoolExecutor executor;

  ThreadTimer() {
    executor =
        new ScheduledThreadPoolExecutor(
            1, Thread.ofPlatform().daemon().name("gateway-timer").factory());
    executor.setRemoveOnCancelPolicy(true);
  }

  @Override
  public Pending after(Duration delay, Runnable task) {
    try {
      Future<?> future = executor.schedule(() -> run(task), delay.toNanos(), TimeUnit.NANOSECONDS);
      return () -> future.cancel(false);
    } catch (RejectedExecutionException e) {
      // The server has stopped: nothing will ever be due.
      return () -> {};
    }
  }

  private static void run(Runnable task) {
    try {
      task.run();
    } catch (RuntimeException e) {
      LOG.error("A task of the gateway's timer failed", e);
    }
  }

  @Override
  public void close() {
    executor.shutdownNow();
  }
}
