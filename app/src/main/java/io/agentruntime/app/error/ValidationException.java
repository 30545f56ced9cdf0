// SPDX-License-Identifier: MIT

package io.agentruntime.app.error;

import java.io.Serial;
import java.util.List;
import java.util.stream.Collectors;

/** A request whose body does not have the shape that its route wants. */
public final class ValidationException extends RuntimeException {
  @Serial private static final long serialVersionUID = 1L;

  private final transient List<ValidationIssue> issues;

  /** Lists everything that is wrong. */
  public ValidationException(List<ValidationIssue> issues) {
    super(text(issues));
    this.issues = List.copyOf(issues);
  }

  List<ValidationIssue> issues() {
    return issues;
  }

  private static String text(List<ValidationIssue> issues) {
    return issues.stream()
        .map(
            issue ->
                issue.path().isEmpty()
                    ? issue.message()
                    : issue.path().stream().map(String::valueOf).collect(Collectors.joining("."))
                        + ": "
                        + issue.message())
        .collect(Collectors.joining("; "));
  }
}
