// SPDX-License-Identifier: MIT

package io.agentruntime.architecture.gemini;

import io.agentruntime.model.profile.AgentProfile;
import io.agentruntime.model.profile.CommandDefinition;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Slash commands. The program keeps them in TOML files, but answers to them only in its own
 * terminal, not on the wire: there the prompt has to be put in their place.
 */
final class Commands {
  private static final Pattern CALL =
      Pattern.compile("\\s*/([A-Za-z0-9_][A-Za-z0-9_.:-]*)(?:\\s+(.*))?", Pattern.DOTALL);
  private static final String ARGUMENTS = "{{args}}";
  private static final String OTHER_ARGUMENTS = "$ARGUMENTS";

  private Commands() {}

  /** The command as a file of the program. */
  static String toml(CommandDefinition command) {
    StringBuilder text = new StringBuilder();
    if (command.description() != null) {
      text.append("description = ").append(quoted(command.description())).append('\n');
    }
    String prompt = command.prompt().replace(OTHER_ARGUMENTS, ARGUMENTS);
    return text.append("prompt = ").append(quoted(prompt)).append('\n').toString();
  }

  private static String quoted(String text) {
    StringBuilder quoted = new StringBuilder("\"");
    for (int i = 0; i < text.length(); i++) {
      char c = text.charAt(i);
      switch (c) {
        case '"' -> quoted.append("\\\"");
        case '\\' -> quoted.append("\\\\");
        case '\n' -> quoted.append("\\n");
        case '\r' -> quoted.append("\\r");
        case '\t' -> quoted.append("\\t");
        default -> {
          if (c < ' ' || c == '\u007f') {
            quoted.append("\\u%04x".formatted((int) c));
          } else {
            quoted.append(c);
          }
        }
      }
    }
    return quoted.append('"').toString();
  }

  /** The text with a command of the profile put in its place; the text itself when it is none. */
  static String expanded(AgentProfile profile, String text) {
    Matcher call = CALL.matcher(text);
    if (!call.matches()) {
      return text;
    }
    String arguments = call.group(2) == null ? "" : call.group(2).strip();
    for (CommandDefinition command : profile.commands()) {
      if (command.name().equals(call.group(1))) {
        return expanded(command, arguments, text);
      }
    }
    return text;
  }

  private static String expanded(CommandDefinition command, String arguments, String text) {
    String prompt = command.prompt();
    if (prompt.contains(ARGUMENTS) || prompt.contains(OTHER_ARGUMENTS)) {
      return prompt.replace(ARGUMENTS, arguments).replace(OTHER_ARGUMENTS, arguments);
    }
    // As the program does it: what has no place for arguments gets the whole call behind it.
    return arguments.isEmpty() ? prompt : prompt + "\n\n" + text.strip();
  }
}
