// SPDX-License-Identifier: MIT

package io.agentruntime.persistence.jdbc;

import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.FutureTask;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Threads that nobody interrupts, on which blocking work is done while its caller waits.
 * Thread-safe.
 *
 * <p>The queue needs no bound: every entry is a caller that waits.
 */
final class Lane implements AutoCloseable {
  private static final Logger log = LoggerFactory.getLogger(Lane.class);
  private static final long SECONDS_TO_END = 30;

  private final String name;
  private final ExecutorService threads;

  Lane(String name, int count) {
    this.name = name;
    AtomicInteger number = new AtomicInteger();
    this.threads =
        Executors.newFixedThreadPool(
            count,
            work ->
                Thread.ofPlatform()
                    .daemon(true)
                    .name(name + "-" + number.incrementAndGet())
                    .unstarted(work));
  }

  /**
   * Does work and gives what it gives.
   *
   * @throws InterruptedException when interrupted before the work began, which then never will
   */
  <T> T run(Supplier<T> work) throws InterruptedException {
    AtomicBoolean taken = new AtomicBoolean();
    FutureTask<T> task =
        new FutureTask<>(
            () -> {
              if (!taken.compareAndSet(false, true)) {
                throw new IllegalStateException("given up before it began");
              }
              return work.get();
            });
    try {
      threads.execute(task);
    } catch (RejectedExecutionException e) {
      throw Database.closed();
    }
    try {
      return result(task);
    } catch (InterruptedException e) {
      if (taken.compareAndSet(false, true)) {
        throw e;
      }
      return endOf(task);
    }
  }

  /** Waits whatever happens; statements have deadlines of their own. */
  private static <T> T endOf(Future<T> task) {
    while (true) {
      try {
        T result = result(task);
        Thread.currentThread().interrupt();
        return result;
      } catch (InterruptedException e) {
        // Told to the caller in the end.
      } catch (RuntimeException e) {
        Thread.currentThread().interrupt();
        throw e;
      }
    }
  }

  private static <T> T result(Future<T> task) throws InterruptedException {
    try {
      return task.get();
    } catch (ExecutionException e) {
      switch (e.getCause()) {
        case RuntimeException failure -> throw failure;
        case Error error -> throw error;
        case null, default -> throw new IllegalStateException(e.getCause());
      }
    }
  }

  /** Lets end what has begun or waits. */
  @Override
  public void close() {
    threads.shutdown();
    boolean interrupted = false;
    try {
      if (!threads.awaitTermination(SECONDS_TO_END, TimeUnit.SECONDS)) {
        log.warn("threads {} are still busy {} s after closing", name, SECONDS_TO_END);
      }
    } catch (InterruptedException e) {
      interrupted = true;
    }
    if (interrupted) {
      Thread.currentThread().interrupt();
    }
  }
}
