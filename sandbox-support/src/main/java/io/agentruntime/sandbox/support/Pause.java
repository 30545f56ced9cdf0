// SPDX-License-Identifier: MIT

package io.agentruntime.sandbox.support;

import java.time.Duration;
import java.util.concurrent.locks.LockSupport;

/** Waiting between attempts. */
public final class Pause {
  private Pause() {}

  /** Waits; an interrupt ends it. */
  public static void of(Duration time) throws InterruptedException {
    long until = System.nanoTime() + time.toNanos();
    for (long left = time.toNanos(); left > 0; left = until - System.nanoTime()) {
      LockSupport.parkNanos(left);
      if (Thread.interrupted()) {
        throw new InterruptedException();
      }
    }
  }
}
