// SPDX-License-Identifier: MIT

package io.agentruntime.spi;

import java.util.Objects;

/**
 * Something that keeps a provider from working at this moment. Immutable.
 *
 * @param problem what is wrong, in a line for operators; never a secret
 * @param remedy what to do about it, in a line
 */
public record HealthProblem(String problem, String remedy) {
  /** Checks both. */
  public HealthProblem {
    Objects.requireNonNull(problem, "problem");
    Objects.requireNonNull(remedy, "remedy");
  }
}
