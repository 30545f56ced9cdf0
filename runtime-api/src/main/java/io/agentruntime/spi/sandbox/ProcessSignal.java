// SPDX-License-Identifier: MIT

package io.agentruntime.spi.sandbox;

/** A signal to a process and all its descendants. */
public enum ProcessSignal {
  /** Ask to stop what it is doing. */
  INT,
  /** Ask to end. */
  TERM,
  /** End at once. */
  KILL
}
