// SPDX-License-Identifier: MIT

package io.agentruntime.sandbox.docker;

import io.agentruntime.error.AgentRuntimeException;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;

/**
 * Work that many may need at once and that is done once for all of them. Whoever asks after its end
 * has it done again. Thread-safe.
 */
final class SharedWork {
  private final String name;
  private final Work work;
  private final AtomicReference<@Nullable FutureTask<Void>> running = new AtomicReference<>();

  /**
   * Work to do when it is asked for.
   *
   * @param name of the thread that does it
   */
  SharedWork(String name, Work work) {
    this.name = name;
    this.work = work;
  }

  /**
   * Begins the work unless it is being done, and waits for its end. An interrupt ends the waiting
   * only.
   */
  void await() throws InterruptedException {
    FutureTask<Void> mine =
        new FutureTask<>(
            () -> {
              try {
                work.run();
                return null;
              } finally {
                // Before those who wait know of the end: they may ask again at once.
                running.set(null);
              }
            });
    FutureTask<Void> current = running.compareAndExchange(null, mine);
    if (current == null) {
      // On a thread of its own: the session that came first may be interrupted, the others wait on.
      Thread.ofVirtual().name(name).start(mine);
      current = mine;
    }
    try {
      current.get();
    } catch (ExecutionException e) {
      if (e.getCause() instanceof AgentRuntimeException failure) {
        throw new AgentRuntimeException(
            failure.code(), String.valueOf(failure.getMessage()), failure);
      }
      throw new IllegalStateException(name + " failed", e.getCause());
    }
  }

  /** What is done. */
  @FunctionalInterface
  interface Work {
    void run() throws InterruptedException;
  }
}
