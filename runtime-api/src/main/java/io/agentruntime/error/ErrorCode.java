// SPDX-License-Identifier: MIT

package io.agentruntime.error;

/**
 * A stable, machine-readable reason for a failure.
 *
 * <p>Providers add codes of their own as an enum that implements this interface; codes are compared
 * by {@link #name()}, never by message. Implementations must be immutable.
 */
public interface ErrorCode {
  /** The stable name, upper snake case, for instance {@code SESSION_NOT_FOUND}. */
  String name();

  /** Whose fault it is. */
  ErrorKind kind();

  /** Whether the same request may succeed when it is repeated unchanged later. */
  boolean retryable();
}
