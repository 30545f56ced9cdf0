// SPDX-License-Identifier: MIT

package io.agentruntime.testkit.architecture;

/**
 * The scripted agent's native form: one record per line, fields separated by one space, the last
 * one free text in which backslash and line ends are escaped.
 */
final class ScriptedLines {
  private ScriptedLines() {}

  static String escape(String text) {
    return text.replace("\\", "\\\\").replace("\n", "\\n").replace("\r", "\\r");
  }

  static String unescape(String text) {
    StringBuilder plain = new StringBuilder(text.length());
    for (int i = 0; i < text.length(); i++) {
      char c = text.charAt(i);
      if (c != '\\' || i + 1 == text.length()) {
        plain.append(c);
        continue;
      }
      char escaped = text.charAt(++i);
      plain.append(
          switch (escaped) {
            case 'n' -> '\n';
            case 'r' -> '\r';
            default -> escaped;
          });
    }
    return plain.toString();
  }

  /** A line's words, at most {@code fields} of them; missing ones are empty. */
  static String[] split(String line, int fields) {
    String[] found = line.split(" ", fields);
    String[] all = new String[fields];
    for (int i = 0; i < fields; i++) {
      all[i] = i < found.length ? found[i] : "";
    }
    return all;
  }
}
