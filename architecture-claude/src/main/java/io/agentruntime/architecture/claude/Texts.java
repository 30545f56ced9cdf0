// SPDX-License-Identifier: MIT

package io.agentruntime.architecture.claude;

import org.jspecify.annotations.Nullable;

/**
 * Finds marked pieces in texts by scanning, not by patterns: users write these texts too, and a
 * pattern that looks for an end which never comes takes time in the square of the length.
 */
final class Texts {
  private Texts() {}

  /** What stands between the first opening mark and the next closing one; null without both. */
  static @Nullable String between(String text, String open, String close) {
    int at = text.indexOf(open);
    int from = at + open.length();
    int to = at < 0 ? -1 : text.indexOf(close, from);
    return to < 0 ? null : text.substring(from, to);
  }
}
