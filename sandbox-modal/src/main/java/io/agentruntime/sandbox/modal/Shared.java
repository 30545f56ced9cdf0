// SPDX-License-Identifier: MIT

package io.agentruntime.sandbox.modal;

import io.agentruntime.error.AgentRuntimeException;
import io.agentruntime.sandbox.modal.grpc.GrpcException;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;

/**
 * A value that many may need at once and that is fetched once for all of them. Whoever asks after
 * that has it fetched again. Thread-safe.
 */
final class Shared<T> {
  private static final long MEANWHILE_MILLIS = 250;

  private final String name;
  private final Fetch<T> fetch;
  private final AtomicReference<@Nullable FutureTask<T>> running = new AtomicReference<>();

  /**
   * A value to fetch when it is asked for.
   *
   * @param name of the thread that fetches
   */
  Shared(String name, Fetch<T> fetch) {
    this.name = name;
    this.fetch = fetch;
  }

  /** Begins to fetch unless somebody has, and waits. An interrupt ends the waiting only. */
  T await() throws GrpcException, InterruptedException {
    return await(() -> {});
  }

  /**
   * The same.
   *
   * @param meanwhile called from time to time as long as it takes
   */
  T await(Runnable meanwhile) throws GrpcException, InterruptedException {
    FutureTask<T> mine =
        new FutureTask<>(
            () -> {
              try {
                return fetch.run();
              } finally {
                // Before those who wait know of the end: they may ask again at once.
                running.set(null);
              }
            });
    FutureTask<T> current = running.compareAndExchange(null, mine);
    if (current == null) {
      // On a thread of its own: the session that came first may be interrupted, the others wait on.
      Thread.ofVirtual().name(name).start(mine);
      current = mine;
    }
    try {
      while (true) {
        try {
          return current.get(MEANWHILE_MILLIS, TimeUnit.MILLISECONDS);
        } catch (TimeoutException e) {
          meanwhile.run();
        }
      }
    } catch (ExecutionException e) {
      switch (e.getCause()) {
        case GrpcException failure -> throw failure.again();
        case AgentRuntimeException failure ->
            throw new AgentRuntimeException(
                failure.code(), String.valueOf(failure.getMessage()), failure);
        case null, default -> throw new IllegalStateException(name + " failed", e.getCause());
      }
    }
  }

  /** How it is fetched. */
  @FunctionalInterface
  interface Fetch<T> {
    T run() throws GrpcException, InterruptedException;
  }
}
