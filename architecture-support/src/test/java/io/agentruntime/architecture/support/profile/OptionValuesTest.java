// SPDX-License-Identifier: MIT

package io.agentruntime.architecture.support.profile;

import static org.assertj.core.api.Assertions.assertThat;

import java.math.BigDecimal;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.FieldSource;

class OptionValuesTest {
  static final List<Object> WHOLE = List.of(3, 3L, 3.0, new BigDecimal("3.00"));
  static final List<Object> NOT_WHOLE =
      List.of(2, 11, 3.5, Double.NaN, Double.POSITIVE_INFINITY, new BigDecimal("1E+999999"), "3");

  @ParameterizedTest
  @FieldSource("WHOLE")
  void aWholeNumberCountsHoweverItIsWritten(Object value) {
    assertThat(OptionValues.whole(value, 3, 10)).hasValue(3);
  }

  @ParameterizedTest
  @FieldSource("NOT_WHOLE")
  void whatIsNoWholeNumberWithinTheLimitsIsNone(Object value) {
    assertThat(OptionValues.whole(value, 3, 10)).isEmpty();
  }

  @Test
  void nothingIsNone() {
    assertThat(OptionValues.whole(null, 3, 10)).isEmpty();
  }
}
