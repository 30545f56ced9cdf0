// SPDX-License-Identifier: MIT

package io.agentruntime.core;

/** What becomes of sandboxes and running turns when a runtime is closed. */
public enum ShutdownMode {
  /** Turns may end until the deadline and are interrupted then; all is stored; sandboxes end. */
  END,
  /**
   * Sandboxes, and the agents in them, are left as they are; the next runtime on the same data
   * directory and store takes them over and reads what was said meanwhile. Needs a persistence
   * adapter with {@link io.agentruntime.spi.persistence.PersistenceCapability#EVENTS} and {@link
   * io.agentruntime.spi.persistence.PersistenceCapability#DURABLE}.
   */
  DETACH
}
