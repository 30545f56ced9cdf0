// SPDX-License-Identifier: MIT

package io.agentruntime.scriptedmodel.script;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Predicate;

/**
 * Finds tags in a text: {@code [[name]]}, {@code [[name:argument]]} or {@code [[name argument]]}.
 *
 * <p>An argument ends at the {@code ]]} that balances its {@code [[}, so it may itself hold tags or
 * shell tests such as {@code [[ -f x ]]}. Brackets that belong to no known name are plain text.
 */
final class TagScanner {

  /** A tag as found: its name and its argument, still escaped. */
  record Tag(String name, String argument) {}

  private final String text;
  private final Predicate<String> known;
  private int position;

  TagScanner(String text, Predicate<String> known) {
    this.text = text;
    this.known = known;
  }

  List<Tag> tags() {
    List<Tag> tags = new ArrayList<>();
    int open = text.indexOf("[[", position);
    while (open >= 0) {
      Optional<Tag> tag = tagAt(open);
      tag.ifPresent(tags::add);
      if (tag.isEmpty()) {
        position = open + 1;
      }
      open = text.indexOf("[[", position);
    }
    return tags;
  }

  /** The tag that opens here; moves behind it. */
  private Optional<Tag> tagAt(int open) {
    int nameStart = open + 2;
    int nameEnd = nameStart;
    while (nameEnd < text.length() && isNameCharacter(text.charAt(nameEnd))) {
      nameEnd++;
    }
    String name = text.substring(nameStart, nameEnd);
    if (nameEnd >= text.length() || !known.test(name)) {
      return Optional.empty();
    }
    if (text.startsWith("]]", nameEnd)) {
      position = nameEnd + 2;
      return Optional.of(new Tag(name, ""));
    }
    char separator = text.charAt(nameEnd);
    if (separator != ':' && !Character.isWhitespace(separator)) {
      return Optional.empty();
    }
    int start = nameEnd + 1;
    int end = name.equals("json") ? JsonScript.endOfValue(text, start) : balancedEnd(name, start);
    position = end + 2;
    return Optional.of(new Tag(name, text.substring(start, end)));
  }

  private int balancedEnd(String name, int start) {
    int depth = 0;
    int i = start;
    while (i < text.length()) {
      if (text.charAt(i) == '\\') {
        i += 2;
      } else if (text.startsWith("[[", i)) {
        depth++;
        i += 2;
      } else if (text.startsWith("]]", i)) {
        if (depth == 0) {
          return lastPairOfRun(i);
        }
        depth--;
        i += 2;
      } else {
        i++;
      }
    }
    throw new ScriptException("The tag [[" + name + " has no ]] that ends it");
  }

  /** In {@code [[text:a[1]]]} the first bracket of the run belongs to the text. */
  private int lastPairOfRun(int start) {
    int i = start;
    while (text.startsWith("]]]", i)) {
      i++;
    }
    return i;
  }

  private static boolean isNameCharacter(char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '-' || c == '_';
  }
}
