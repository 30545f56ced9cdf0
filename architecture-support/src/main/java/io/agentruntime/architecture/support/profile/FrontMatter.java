// SPDX-License-Identifier: MIT

package io.agentruntime.architecture.support.profile;

import io.agentruntime.architecture.support.json.Json;
import java.util.Map;
import java.util.regex.Pattern;

/** The YAML head of a Markdown file. JSON is YAML, so values are written as JSON. */
public final class FrontMatter {
  private static final Pattern PLAIN_KEY = Pattern.compile("[A-Za-z_][A-Za-z0-9_-]*");

  private FrontMatter() {}

  /** The text with these fields before it; the text alone when there are none. */
  public static String prepend(Map<String, Object> fields, String body) {
    if (fields.isEmpty()) {
      return body;
    }
    StringBuilder text = new StringBuilder("---\n");
    fields.forEach(
        (key, value) ->
            text.append(PLAIN_KEY.matcher(key).matches() ? key : Json.write(key))
                .append(": ")
                .append(Json.write(value))
                .append('\n'));
    text.append("---\n").append(body);
    if (!body.endsWith("\n")) {
      text.append('\n');
    }
    return text.toString();
  }
}
