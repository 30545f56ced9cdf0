// SPDX-License-Identifier: MIT

package io.agentruntime.sandbox.modal;

import java.time.Duration;
import java.util.concurrent.locks.LockSupport;

/** Waiting between attempts. */
final class Pause {
  private Pause() {}

  /** Waits; an interrupt ends it. */
  static void of(Duration time) throws InterruptedException {
    long until = System.nanoTime() + time.toNanos();
    for (long left = time.toNanos(); left > 0; left = until - System.nanoTime()) {
      LockSupport.parkNanos(left);
      if (Thread.interrupted()) {
        throw new InterruptedException();
      }
    }
  }
}
