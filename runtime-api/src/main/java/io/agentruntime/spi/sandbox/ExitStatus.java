// SPDX-License-Identifier: MIT

package io.agentruntime.spi.sandbox;

/**
 * How a process ended.
 *
 * @param code its exit code; 128 + n when signal n ended it
 */
public record ExitStatus(int code) {
  /** Whether it ended with 0. */
  public boolean success() {
    return code == 0;
  }
}
