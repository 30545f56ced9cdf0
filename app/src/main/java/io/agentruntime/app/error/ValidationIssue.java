// SPDX-License-Identifier: MIT

package io.agentruntime.app.error;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What is wrong with one field of a request.
 *
 * @param code the kind of mistake, for instance {@code invalid_type}
 * @param path where, outermost name first
 * @param message for people
 * @param expected what should be there, if that can be said in a word
 * @param received what is there, if that can be said in a word
 * @param options what may be there, if there are few choices
 */
public record ValidationIssue(
    String code,
    List<Object> path,
    String message,
    @Nullable String expected,
    @Nullable String received,
    @Nullable List<String> options) {
  /** Copies the lists. */
  public ValidationIssue {
    path = List.copyOf(path);
    options = options == null ? null : List.copyOf(options);
  }
}
