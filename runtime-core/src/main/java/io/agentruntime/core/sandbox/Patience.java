// SPDX-License-Identifier: MIT

package io.agentruntime.core.sandbox;

import io.agentruntime.error.AgentRuntimeException;
import io.agentruntime.error.StandardError;
import java.time.Duration;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Repeats what a provider cannot do just now. Stateless; blocks. */
final class Patience {
  private static final Logger log = LoggerFactory.getLogger(Patience.class);

  private Patience() {}

  /** Something to be done. */
  interface Attempt<T> {
    /** Does it. */
    T run() throws InterruptedException;
  }

  /**
   * Does something, again and again while its failure is one that passes.
   *
   * @param what for the log
   * @param total how long it is tried
   * @param pause how long to wait in between
   * @throws AgentRuntimeException the failure that does not pass, or the last one
   */
  static <T> T apply(String what, Duration total, Duration pause, Attempt<T> attempt)
      throws InterruptedException {
    long deadline = System.nanoTime() + total.toNanos();
    while (true) {
      try {
        return attempt.run();
      } catch (AgentRuntimeException e) {
        if (!e.code().retryable()
            || e.code() == StandardError.SANDBOX_LOST
            || System.nanoTime() >= deadline) {
          throw e;
        }
        log.info("{}: {}; trying again", what, e.getMessage());
      }
      Thread.sleep(pause);
    }
  }
}
