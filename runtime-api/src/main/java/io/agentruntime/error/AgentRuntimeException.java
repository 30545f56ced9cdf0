// SPDX-License-Identifier: MIT

package io.agentruntime.error;

import java.io.Serial;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * The one exception of this system: a broken contract or an infrastructure failure, never an
 * expected outcome.
 *
 * <p>The message says what was attempted, on which id and what to do. It must not hold secrets or
 * prompt text, because it reaches clients and logs.
 */
public final class AgentRuntimeException extends RuntimeException {
  @Serial private static final long serialVersionUID = 1L;

  private final transient ErrorCode code;

  /**
   * Creates an exception without a cause.
   *
   * @param code why
   * @param message what was attempted and what to do
   */
  public AgentRuntimeException(ErrorCode code, String message) {
    this(code, message, null);
  }

  /**
   * Creates an exception.
   *
   * @param code why
   * @param message what was attempted and what to do
   * @param cause what was thrown underneath, if anything
   */
  public AgentRuntimeException(ErrorCode code, String message, @Nullable Throwable cause) {
    super(message, cause);
    this.code = Objects.requireNonNull(code, "code");
  }

  /** A refusal of an operation whose capability was not declared. */
  public static AgentRuntimeException unsupported(String provider, Object capability) {
    return new AgentRuntimeException(
        StandardError.UNSUPPORTED, "provider '" + provider + "' does not support " + capability);
  }

  /** A malformed value: names the field and what was expected. */
  public static AgentRuntimeException invalid(String field, String expected) {
    return new AgentRuntimeException(
        StandardError.INVALID_ARGUMENT, field + ": expected " + expected);
  }

  /** Why; compare by {@link ErrorCode#name()}. */
  public ErrorCode code() {
    return code;
  }

  @Override
  public String getMessage() {
    return Objects.requireNonNullElse(super.getMessage(), code.name());
  }
}
