package com.example.sandboxexec;

import io.agentruntime.error.AgentRuntimeException;
import java.util.Collection;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** Quotes texts for a POSIX shell, so that none of them is ever read as anything but a word. */
final class Words {
  private Words() {}

  /** One line of a script: a command with its arguments. */
  static String line(Object... words) {
    return line(Stream.of(words).map(Object::toString).toList());
  }

  /** The same. */
  static String line(Collection<String> words) {
    return words.stream().map(Words::quote).collect(Collectors.joining(" "));
  }

  /** {@code export A='1' B='2'}; nothing for no variables. */
  static String export(Map<String, String> variables) {
    return variables.isEmpty()
        ? ":"
        : variables.entrySet().stream()
            .map(variable -> variable.getKey() + "=" + quote(variable.getValue()))
            .collect(Collectors.joining(" ", "export ", ""));
  }

  /** A word; line ends are written as {@code $nl}, as calls are read line by line. */
  static String quote(String text) {
    if (text.indexOf('\0') >= 0) {
      throw AgentRuntimeException.invalid("text", "no NUL in " + text.length() + " characters");
    }
    return "'" + text.replace("'", "'\\''").replace("\n", "'\"$nl\"'") + "'";
  }
}
