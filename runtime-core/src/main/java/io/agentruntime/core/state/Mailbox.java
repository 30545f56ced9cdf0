// SPDX-License-Identifier: MIT

package io.agentruntime.core.state;

import java.time.Duration;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * What an actor has to do. Output of the agent is bounded by making its reader wait; requests of
 * callers are bounded by refusing them; the actor's own signals are few by construction.
 * Thread-safe.
 */
public final class Mailbox {
  private static final int MAX_OUTPUT = 64;
  private static final int MAX_REQUESTS = 512;

  private final LinkedBlockingQueue<Runnable> queue = new LinkedBlockingQueue<>();
  private final Semaphore output = new Semaphore(MAX_OUTPUT);
  private final Semaphore requests = new Semaphore(MAX_REQUESTS);

  /** Adds a signal of the session itself. */
  public void signal(Runnable action) {
    queue.add(action);
  }

  /** Adds output of the agent, waiting while there is much of it. */
  public void output(Runnable action) throws InterruptedException {
    output.acquire();
    queue.add(
        () -> {
          output.release();
          action.run();
        });
  }

  /** Adds a caller's request; false when there are too many. */
  public boolean request(Runnable action) {
    if (!requests.tryAcquire()) {
      return false;
    }
    queue.add(
        () -> {
          requests.release();
          action.run();
        });
    return true;
  }

  /** The next thing to do; null when the timeout came first. */
  public @Nullable Runnable next(Duration timeout) throws InterruptedException {
    return queue.poll(Math.max(0, timeout.toNanos()), TimeUnit.NANOSECONDS);
  }
}
