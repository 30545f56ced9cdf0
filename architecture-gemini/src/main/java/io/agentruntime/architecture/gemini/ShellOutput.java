// SPDX-License-Identifier: MIT

package io.agentruntime.architecture.gemini;

import java.util.HashSet;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * What a shell command printed, freed of the labels and lines that the program adds for its model.
 *
 * @param text what was printed
 * @param exitCode how it ended; null when it did not end by itself
 */
record ShellOutput(String text, @Nullable Integer exitCode) {
  private static final String LABEL = "Output: ";
  private static final String NOTHING = "(empty)";
  private static final Pattern ADDED =
      Pattern.compile("(Exit Code|Signal|Background PIDs|Process Group PGID): ?([^\\n]{0,1000})");

  static ShellOutput of(String told) {
    if (!told.startsWith(LABEL)) {
      return new ShellOutput(told, null);
    }
    String text = told.substring(LABEL.length());
    // The program names the exit code only where it is not zero.
    Integer exitCode = 0;
    Set<String> seen = new HashSet<>();
    for (int line = text.lastIndexOf('\n'); line >= 0; line = text.lastIndexOf('\n')) {
      Matcher added = ADDED.matcher(text.substring(line + 1));
      if (!added.matches() || !seen.add(added.group(1))) {
        break;
      }
      if (added.group(1).equals("Exit Code") && added.group(2).matches("-?\\d{1,9}")) {
        exitCode = Integer.valueOf(added.group(2));
      } else if (added.group(1).equals("Signal")) {
        exitCode = null;
      }
      text = text.substring(0, line);
    }
    return new ShellOutput(text.equals(NOTHING) ? "" : text, exitCode);
  }
}
