// SPDX-License-Identifier: MIT

package io.agentruntime.scriptedmodel.script;

import java.util.ArrayList;
import java.util.List;

/**
 * The inside of a tag: fields between bars, and escapes.
 *
 * <p>Outside nested {@code [[…]]} these escapes are known: {@code \n \t \r \\ \| \[ \]}; a
 * backslash before anything else stays, so that most regular expressions and shell texts need no
 * care. Inside nested brackets everything stays as it stands, for whoever reads that tag later.
 */
final class TagText {

  private TagText() {}

  /** Splits at the first {@code count - 1} bars outside nested brackets, and resolves escapes. */
  static List<String> fields(String argument, int count) {
    List<String> fields = new ArrayList<>();
    StringBuilder field = new StringBuilder();
    int depth = 0;
    for (int i = 0; i < argument.length(); i++) {
      char c = argument.charAt(i);
      if (c == '\\' && i + 1 < argument.length()) {
        i++;
        field.append(depth > 0 ? "\\" + argument.charAt(i) : escaped(argument.charAt(i)));
      } else if (argument.startsWith("[[", i)) {
        depth++;
        i++;
        field.append("[[");
      } else if (depth > 0 && argument.startsWith("]]", i)) {
        depth--;
        i++;
        field.append("]]");
      } else if (c == '|' && depth == 0 && fields.size() < count - 1) {
        fields.add(field.toString());
        field.setLength(0);
      } else {
        field.append(c);
      }
    }
    fields.add(field.toString());
    return fields;
  }

  private static String escaped(char c) {
    return switch (c) {
      case 'n' -> "\n";
      case 't' -> "\t";
      case 'r' -> "\r";
      case '\\', '|', '[', ']' -> String.valueOf(c);
      default -> "\\" + c;
    };
  }
}
