// SPDX-License-Identifier: MIT

package io.agentruntime.architecture.opencode;

import io.agentruntime.architecture.support.json.Json;
import io.agentruntime.model.profile.AgentProfile;
import io.agentruntime.model.profile.CommandDefinition;
import io.agentruntime.model.turn.ContentPart;
import io.agentruntime.model.turn.UserContent;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** What a user said as a command to the bridge. */
final class Prompts {
  private static final Pattern CALL =
      Pattern.compile("\\s*/([A-Za-z0-9_][A-Za-z0-9_.:-]*)(?:\\s+(.*))?", Pattern.DOTALL);

  private Prompts() {}

  /** The command's line. */
  static String line(long id, UserContent content, AgentProfile profile, OpenCodeOptions options) {
    Map<String, Object> line = new LinkedHashMap<>();
    line.put("id", id);
    Matcher call = CALL.matcher(content instanceof UserContent.Text text ? text.text() : "");
    if (call.matches() && isCommand(profile, call.group(1))) {
      Map<String, Object> body = new LinkedHashMap<>();
      body.put("command", call.group(1));
      body.put("arguments", call.group(2) == null ? "" : call.group(2).strip());
      body.put("model", options.model());
      line.put("command", "command");
      line.put("body", body);
    } else {
      Map<String, Object> model = new LinkedHashMap<>();
      model.put("providerID", options.provider());
      model.put("modelID", options.modelId());
      Map<String, Object> body = new LinkedHashMap<>();
      body.put("model", model);
      body.put("parts", parts(content));
      line.put("command", "prompt");
      line.put("body", body);
    }
    return Json.write(line);
  }

  private static boolean isCommand(AgentProfile profile, String name) {
    return profile.commands().stream().map(CommandDefinition::name).anyMatch(name::equals);
  }

  private static List<Map<String, Object>> parts(UserContent content) {
    return switch (content) {
      case UserContent.Text text -> List.of(text(text.text()));
      case UserContent.Parts parts -> parts.parts().stream().map(Prompts::part).toList();
    };
  }

  private static Map<String, Object> text(String text) {
    Map<String, Object> part = new LinkedHashMap<>();
    part.put("type", "text");
    part.put("text", text);
    return part;
  }

  private static Map<String, Object> part(ContentPart content) {
    return switch (content) {
      case ContentPart.Text text -> text(text.text());
      case ContentPart.Image image -> {
        String mediaType = image.mediaType() == null ? "image/png" : image.mediaType();
        Map<String, Object> part = new LinkedHashMap<>();
        part.put("type", "file");
        part.put("mime", mediaType);
        part.put(
            "url",
            image.source() == ContentPart.Source.URL
                ? image.data()
                : "data:" + mediaType + ";base64," + image.data());
        yield part;
      }
    };
  }
}
