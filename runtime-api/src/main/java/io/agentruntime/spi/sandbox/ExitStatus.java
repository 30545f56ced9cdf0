// SPDX-License-Identifier: MIT

package io.agentruntime.spi.sandbox;

/**
 * How a process ended. A program that does not exist ends with 127, one that cannot be executed
 * with 126, and both with their name on standard error: neither is an exception of {@link
 * Sandbox#start}.
 *
 * @param code its exit code; 128 + n when signal n ended it
 */
public record ExitStatus(int code) {
  /** Whether it ended with 0. */
  public boolean success() {
    return code == 0;
  }
}
