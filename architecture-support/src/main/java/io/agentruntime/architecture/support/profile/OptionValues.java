// SPDX-License-Identifier: MIT

package io.agentruntime.architecture.support.profile;

import java.math.BigDecimal;
import java.util.OptionalLong;
import org.jspecify.annotations.Nullable;

/** Values of session options. */
public final class OptionValues {
  private OptionValues() {}

  /** A whole number within limits, however it is written; empty for anything else. */
  public static OptionalLong whole(@Nullable Object value, long min, long max) {
    if (!(value instanceof Number)) {
      return OptionalLong.empty();
    }
    try {
      long whole = new BigDecimal(value.toString()).longValueExact();
      return whole >= min && whole <= max ? OptionalLong.of(whole) : OptionalLong.empty();
    } catch (ArithmeticException | NumberFormatException notWhole) {
      return OptionalLong.empty();
    }
  }
}
