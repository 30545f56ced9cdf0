// SPDX-License-Identifier: MIT

package io.agentruntime.model.block;

/** How far the execution of a tool or subagent has come. */
public enum ToolStatus {
  /** Asked for, not started. */
  PENDING,
  /** Being executed. */
  RUNNING,
  /** Ended well. */
  SUCCESS,
  /** Ended with an error, or was cut off. */
  ERROR
}
