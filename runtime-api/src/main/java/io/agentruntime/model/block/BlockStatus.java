// SPDX-License-Identifier: MIT

package io.agentruntime.model.block;

/** Whether a block still grows. */
public enum BlockStatus {
  /** It may still change. */
  PENDING,
  /** It is final. */
  COMPLETE,
  /** It is final and stands for something that failed or was cut off. */
  ERROR
}
