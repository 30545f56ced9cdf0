// SPDX-License-Identifier: MIT

package io.agentruntime.scriptedmodel.anthropic;

import com.fasterxml.jackson.databind.JsonNode;
import io.agentruntime.scriptedmodel.http.HttpRequest;
import io.agentruntime.scriptedmodel.play.Conversation;
import io.agentruntime.scriptedmodel.play.Item;
import io.agentruntime.scriptedmodel.wire.SchemaSample;
import io.agentruntime.scriptedmodel.wire.WireJson;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/**
 * The body of {@code POST /v1/messages} and of {@code /v1/messages/count_tokens}, read leniently.
 */
record MessagesRequest(JsonNode root, int bytes, String session, String agent) {

  private static final Pattern WORKING_DIRECTORY =
      Pattern.compile("(?:[Ww]orking directory|CWD): *(/[^\\n<]*?) *(?:\\(was /|[\\n<]|$)");
  private static final int BYTES_PER_TOKEN = 4;

  /**
   * Reads a request.
   *
   * @throws IllegalArgumentException when it is not one; the message can be shown to the client
   */
  static MessagesRequest read(HttpRequest request) {
    JsonNode root = WireJson.readObject(request.body());
    if (!root.path("model").isTextual()) {
      throw new IllegalArgumentException("model: Field required");
    }
    if (!root.path("messages").isArray() || root.path("messages").isEmpty()) {
      throw new IllegalArgumentException("messages: at least one message is required");
    }
    String session =
        request
            .header("x-claude-code-session-id")
            .orElse(root.path("metadata").path("user_id").asText(""));
    String agent = request.header("x-claude-code-agent-id").orElse("");
    return new MessagesRequest(root, request.body().length, session, agent);
  }

  String model() {
    return root.path("model").asText();
  }

  boolean streaming() {
    return root.path("stream").asBoolean(false);
  }

  JsonNode messages() {
    return root.path("messages");
  }

  /** The system text, from the field and from messages with that role. */
  String system() {
    StringBuilder system = new StringBuilder(text(root.path("system")));
    for (JsonNode message : messages()) {
      if (message.path("role").asText().equals("system")) {
        system.append('\n').append(text(message.path("content")));
      }
    }
    return system.toString();
  }

  List<String> tools() {
    List<String> tools = new ArrayList<>();
    root.path("tools").forEach(tool -> tools.add(tool.path("name").asText()));
    return tools;
  }

  /** About as many tokens as a real model would count. */
  int inputTokens() {
    return Math.max(1, bytes / BYTES_PER_TOKEN);
  }

  /** The part of {@link #inputTokens} that the latest message makes up. */
  int latestMessageTokens() {
    JsonNode latest = messages().get(messages().size() - 1);
    return Math.clamp(latest.toString().length() / BYTES_PER_TOKEN, 1, inputTokens());
  }

  Conversation conversation() {
    List<Item> items = new ArrayList<>();
    for (JsonNode message : messages()) {
      switch (message.path("role").asText()) {
        case "assistant" -> items.add(modelMessage(message.path("content")));
        case "user" -> addUserItems(items, message.path("content"));
        default -> {
          // The rest of a system message is part of system().
          UserTexts.steering(text(message.path("content"))).ifPresent(items::add);
        }
      }
    }
    String system = system();
    return new Conversation(
        items, system, tools(), workingDirectory(system, items), formedAnswer(), session, agent);
  }

  private Optional<String> formedAnswer() {
    JsonNode format = root.path("output_config").path("format");
    return format.path("type").asText().equals("json_schema")
        ? Optional.of(SchemaSample.of(format.path("schema")).toString())
        : Optional.empty();
  }

  private static Item modelMessage(JsonNode content) {
    boolean callsTools = false;
    if (content.isArray()) {
      for (JsonNode block : content) {
        callsTools |= block.path("type").asText().equals("tool_use");
      }
    }
    return new Item.ModelMessage(callsTools);
  }

  private static void addUserItems(List<Item> items, JsonNode content) {
    if (content.isTextual()) {
      items.addAll(UserTexts.items(content.asText()));
      return;
    }
    for (JsonNode block : content) {
      switch (block.path("type").asText()) {
        case "text" -> items.addAll(UserTexts.items(block.path("text").asText()));
        case "image" -> items.add(image(block.path("source")));
        case "tool_result" ->
            items.add(
                new Item.ToolResult(
                    text(block.path("content")), block.path("is_error").asBoolean(false)));
        default -> {
          // Documents and whatever comes next: nothing that a script asks about.
        }
      }
    }
  }

  private static Item image(JsonNode source) {
    return Item.UserImage.ofBase64(
        source.path("media_type").asText("unknown"), source.path("data").asText(""));
  }

  private static Optional<String> workingDirectory(String system, List<Item> items) {
    String reminders =
        items.stream()
            .filter(Item.ProgramText.class::isInstance)
            .map(item -> ((Item.ProgramText) item).text())
            .collect(Collectors.joining("\n"));
    Matcher matcher = WORKING_DIRECTORY.matcher(system + "\n" + reminders);
    Optional<String> found = Optional.empty();
    while (matcher.find()) {
      found = Optional.of(matcher.group(1));
    }
    return found;
  }

  private static String text(JsonNode content) {
    if (content.isTextual()) {
      return content.asText();
    }
    StringBuilder text = new StringBuilder();
    for (JsonNode block : content) {
      if (block.path("type").asText().equals("text")) {
        text.append(text.isEmpty() ? "" : "\n").append(block.path("text").asText());
      }
    }
    return text.toString();
  }
}
