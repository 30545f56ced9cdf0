// SPDX-License-Identifier: MIT

package io.agentruntime.app.gateway;

import java.time.Duration;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;

/** Waits, with a deadline far beyond what a busy machine needs. */
public final class Await {
  private static final Duration DEADLINE = Duration.ofSeconds(30);
  private static final Duration PACE = Duration.ofMillis(5);

  private Await() {}

  /** The next element of a queue. */
  public static <T> T next(BlockingQueue<T> queue, String what) throws InterruptedException {
    T element = queue.poll(DEADLINE.toMillis(), TimeUnit.MILLISECONDS);
    if (element == null) {
      throw new AssertionError("Not in time: " + what);
    }
    return element;
  }

  /** The result of what runs elsewhere. */
  public static <T> T result(CompletionStage<T> stage, String what) throws InterruptedException {
    try {
      return stage.toCompletableFuture().get(DEADLINE.toMillis(), TimeUnit.MILLISECONDS);
    } catch (TimeoutException e) {
      throw new AssertionError("Not in time: " + what, e);
    } catch (ExecutionException e) {
      throw new CompletionException(e.getCause());
    }
  }

  /** A condition that nobody announces. */
  public static void until(BooleanSupplier condition, String what) {
    long end = System.nanoTime() + DEADLINE.toNanos();
    while (!condition.getAsBoolean()) {
      if (System.nanoTime() > end) {
        throw new AssertionError("Not in time: " + what);
      }
      LockSupport.parkNanos(PACE.toNanos());
    }
  }
}
