// SPDX-License-Identifier: MIT

package io.agentruntime.scriptedmodel.openai;

import com.fasterxml.jackson.databind.JsonNode;
import io.agentruntime.scriptedmodel.http.HttpRequest;
import io.agentruntime.scriptedmodel.play.Conversation;
import io.agentruntime.scriptedmodel.play.Item;
import io.agentruntime.scriptedmodel.wire.SchemaSample;
import io.agentruntime.scriptedmodel.wire.WireJson;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * The body of {@code POST /v1/chat/completions}, read leniently.
 *
 * @param root the body
 * @param bytes how long the body is
 * @param session the agent program's session, empty when it does not say
 */
record ChatRequest(JsonNode root, int bytes, String session) {

  private static final int BYTES_PER_TOKEN = 4;

  /**
   * Reads a request.
   *
   * @throws IllegalArgumentException when it is not one; the message can be shown to the client
   */
  static ChatRequest read(HttpRequest request) {
    JsonNode root = WireJson.readObject(request.body());
    if (!root.path("model").isTextual()) {
      throw new IllegalArgumentException("you must provide a model parameter");
    }
    if (!root.path("messages").isArray() || root.path("messages").isEmpty()) {
      throw new IllegalArgumentException("Missing required parameter: 'messages'");
    }
    // OpenCode tells its session to its makers' own gateway under another name.
    Optional<String> session =
        request.header("x-session-id").or(() -> request.header("x-opencode-session"));
    return new ChatRequest(root, request.body().length, session.orElse(""));
  }

  String model() {
    return root.path("model").asText();
  }

  boolean streaming() {
    return root.path("stream").asBoolean(false);
  }

  /** Whether a streamed answer ends with what it took; a whole one always says so. */
  boolean wantsUsage() {
    return root.path("stream_options").path("include_usage").asBoolean(false);
  }

  JsonNode messages() {
    return root.path("messages");
  }

  /** The system text, from all messages with that role or its newer name. */
  String system() {
    StringBuilder system = new StringBuilder();
    for (JsonNode message : messages()) {
      String role = message.path("role").asText();
      if (role.equals("system") || role.equals("developer")) {
        system.append(system.isEmpty() ? "" : "\n").append(text(message.path("content")));
      }
    }
    return system.toString();
  }

  List<String> tools() {
    List<String> tools = new ArrayList<>();
    root.path("tools").forEach(tool -> tools.add(tool.at("/function/name").asText()));
    return tools;
  }

  /** About as many tokens as a real model would count. */
  int inputTokens() {
    return Math.max(1, bytes / BYTES_PER_TOKEN);
  }

  /** The part of {@link #inputTokens} that came with earlier requests. */
  int cachedTokens() {
    JsonNode messages = messages();
    boolean first = true;
    for (JsonNode message : messages) {
      first &= !message.path("role").asText().equals("assistant");
    }
    if (first) {
      return 0;
    }
    int latest = messages.get(messages.size() - 1).toString().length() / BYTES_PER_TOKEN;
    return Math.max(0, inputTokens() - latest);
  }

  Conversation conversation() {
    List<Item> items = new ArrayList<>();
    for (JsonNode message : messages()) {
      switch (message.path("role").asText()) {
        case "assistant" -> items.add(new Item.ModelMessage(message.path("tool_calls").has(0)));
        case "tool" -> items.add(new Item.ToolResult(text(message.path("content")), false));
        case "user" -> addUserItems(items, message.path("content"));
        default -> {
          // Part of system().
        }
      }
    }
    return new Conversation(
        OpenCodeTexts.withoutQuotes(items),
        system(),
        tools(),
        Optional.empty(),
        formedAnswer(),
        session,
        "");
  }

  private Optional<String> formedAnswer() {
    JsonNode schema = root.at("/response_format/json_schema/schema");
    return schema.isObject() ? Optional.of(SchemaSample.of(schema).toString()) : Optional.empty();
  }

  private static void addUserItems(List<Item> items, JsonNode content) {
    if (content.isTextual()) {
      OpenCodeTexts.add(items, content.asText(), "");
      return;
    }
    String before = "";
    for (JsonNode part : content) {
      switch (part.path("type").asText()) {
        case "text" -> {
          String text = part.path("text").asText();
          OpenCodeTexts.add(items, text, before);
          before = text;
        }
        case "image_url" -> items.add(image(part.at("/image_url/url").asText()));
        default -> {
          // Audio, files and whatever comes next: nothing that a script asks about.
        }
      }
    }
  }

  /** An image comes as a data address; one that must be fetched from elsewhere is not fetched. */
  private static Item image(String address) {
    int comma = address.indexOf(',');
    if (!address.startsWith("data:") || comma < 0) {
      throw new IllegalArgumentException("Only images with their data in the address are read");
    }
    String mediaType = address.substring("data:".length(), comma).replaceFirst(";.*", "");
    return Item.UserImage.ofBase64(mediaType, address.substring(comma + 1));
  }

  private static String text(JsonNode content) {
    if (content.isTextual()) {
      return content.asText();
    }
    StringBuilder text = new StringBuilder();
    for (JsonNode part : content) {
      text.append(part.path("text").asText(""));
    }
    return text.toString();
  }
}
