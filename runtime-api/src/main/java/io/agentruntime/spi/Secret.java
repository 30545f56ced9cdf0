// SPDX-License-Identifier: MIT

package io.agentruntime.spi;

import java.util.Objects;

/** A value that must never be shown: it compares and prints as nothing. Immutable. */
public final class Secret {
  private final String value;

  private Secret(String value) {
    this.value = Objects.requireNonNull(value, "value");
  }

  /** Wraps a value. */
  public static Secret of(String value) {
    return new Secret(value);
  }

  /** The value itself, for the one place that needs it. */
  public String reveal() {
    return value;
  }

  @Override
  public String toString() {
    return "[redacted]";
  }
}
