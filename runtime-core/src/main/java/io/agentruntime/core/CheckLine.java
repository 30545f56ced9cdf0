// SPDX-License-Identifier: MIT

package io.agentruntime.core;

import java.util.Optional;

/**
 * One thing that was looked at before a start.
 *
 * @param verdict how it is
 * @param subject what was looked at, for instance {@code sandbox docker}
 * @param finding what was found, in a line
 * @param remedy what to do, where something can be done
 */
public record CheckLine(Verdict verdict, String subject, String finding, Optional<String> remedy) {
  /** How something is. */
  public enum Verdict {
    /** As it should be. */
    OK,
    /** Something does not work that may not be needed. */
    NOTE,
    /** Something does not work that is needed. */
    PROBLEM
  }

  /** Something that is as it should be. */
  public static CheckLine ok(String subject, String finding) {
    return new CheckLine(Verdict.OK, subject, finding, Optional.empty());
  }

  /** Something that may not matter. */
  public static CheckLine note(String subject, String finding, String remedy) {
    return new CheckLine(Verdict.NOTE, subject, finding, Optional.of(remedy));
  }

  /** The same, when it turns out not to be needed. */
  CheckLine asNote() {
    return verdict == Verdict.PROBLEM
        ? new CheckLine(Verdict.NOTE, subject, finding, remedy)
        : this;
  }

  /** Something that matters. */
  public static CheckLine problem(String subject, String finding, String remedy) {
    return new CheckLine(Verdict.PROBLEM, subject, finding, Optional.of(remedy));
  }
}
