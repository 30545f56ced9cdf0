// SPDX-License-Identifier: MIT

package io.agentruntime.core.secret;

import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.stream.Stream;

/** The forms in which a secret value shows up in a program's output. Stateless. */
final class SecretForms {
  /** Lines of a key file that are shorter say nothing. */
  private static final int MIN_LINE = 20;

  private SecretForms() {}

  static Stream<String> of(String value) {
    return Stream.concat(
            Stream.of(value), value.lines().map(String::strip).filter(l -> l.length() >= MIN_LINE))
        .flatMap(
            form ->
                Stream.of(
                    form,
                    json(form, false, false),
                    json(form, true, false),
                    json(form, false, true),
                    json(form, true, true),
                    URLEncoder.encode(form, StandardCharsets.UTF_8)))
        .distinct();
  }

  /** The value within a JSON string, as writers write it that escape slashes or all but ASCII. */
  private static String json(String value, boolean slashes, boolean asciiOnly) {
    StringBuilder out = new StringBuilder(value.length() + 8);
    for (int i = 0; i < value.length(); i++) {
      char c = value.charAt(i);
      switch (c) {
        case '"' -> out.append("\\\"");
        case '\\' -> out.append("\\\\");
        case '/' -> out.append(slashes ? "\\/" : "/");
        case '\n' -> out.append("\\n");
        case '\r' -> out.append("\\r");
        case '\t' -> out.append("\\t");
        case '\b' -> out.append("\\b");
        case '\f' -> out.append("\\f");
        default -> {
          if (c < 0x20 || (asciiOnly && c > 0x7e)) {
            out.append(String.format("\\u%04x", (int) c));
          } else {
            out.append(c);
          }
        }
      }
    }
    return out.toString();
  }
}
