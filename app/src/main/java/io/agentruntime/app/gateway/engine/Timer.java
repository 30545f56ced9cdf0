// SPDX-License-Identifier: MIT

package io.agentruntime.app.gateway.engine;

import java.time.Duration;

/** Runs things later. Thread-safe. */
interface Timer {
  /** Runs the task after the delay, on a thread where it must not block. */
  Pending after(Duration delay, Runnable task);

  /** Something that is still to run. */
  @FunctionalInterface
  interface Pending {
    /** Forgets it, unless it ran already. */
    void cancel();
  }
}
