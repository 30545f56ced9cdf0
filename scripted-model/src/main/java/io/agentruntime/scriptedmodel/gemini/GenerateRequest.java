// SPDX-License-Identifier: MIT

package io.agentruntime.scriptedmodel.gemini;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.MissingNode;
import io.agentruntime.scriptedmodel.http.HttpRequest;
import io.agentruntime.scriptedmodel.play.Conversation;
import io.agentruntime.scriptedmodel.play.Item;
import io.agentruntime.scriptedmodel.wire.SchemaSample;
import io.agentruntime.scriptedmodel.wire.WireJson;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * The body of a {@code generateContent} call in any of its forms, read leniently.
 *
 * @param root the body
 * @param model the model's name, which stands in the path
 * @param bytes how long the body is
 */
record GenerateRequest(JsonNode root, String model, int bytes) {

  private static final int BYTES_PER_TOKEN = 4;

  /**
   * Reads a request.
   *
   * @throws IllegalArgumentException when it is not one; the message can be shown to the client
   */
  static GenerateRequest read(HttpRequest request, String model) {
    JsonNode root = WireJson.readObject(request.body());
    // A count may wrap the whole request that it is about.
    JsonNode wrapped = root.path("generateContentRequest");
    JsonNode inner = wrapped.isObject() ? wrapped : root;
    if (!inner.path("contents").isArray() || inner.path("contents").isEmpty()) {
      throw new IllegalArgumentException("contents is not specified");
    }
    return new GenerateRequest(inner, model, request.body().length);
  }

  String system() {
    StringBuilder system = new StringBuilder();
    for (JsonNode part : root.path("systemInstruction").path("parts")) {
      system.append(part.path("text").asText(""));
    }
    return system.toString();
  }

  List<String> tools() {
    List<String> tools = new ArrayList<>();
    for (JsonNode tool : root.path("tools")) {
      for (JsonNode declaration : tool.path("functionDeclarations")) {
        tools.add(declaration.path("name").asText());
      }
    }
    return tools;
  }

  /** The declaration of an offered tool; missing when it is not offered. */
  JsonNode declaration(String toolName) {
    for (JsonNode tool : root.path("tools")) {
      for (JsonNode declaration : tool.path("functionDeclarations")) {
        if (declaration.path("name").asText().equals(toolName)) {
          return declaration;
        }
      }
    }
    return MissingNode.getInstance();
  }

  /** About as many tokens as a real model would count. */
  int inputTokens() {
    return Math.max(1, bytes / BYTES_PER_TOKEN);
  }

  /** The part of {@link #inputTokens} that came with earlier requests. */
  int cachedTokens() {
    JsonNode contents = root.path("contents");
    if (contents.size() <= 2) {
      return 0;
    }
    int latest = contents.get(contents.size() - 1).toString().length() / BYTES_PER_TOKEN;
    return Math.max(0, inputTokens() - latest);
  }

  Conversation conversation() {
    List<Item> items = new ArrayList<>();
    for (JsonNode content : root.path("contents")) {
      if (content.path("role").asText("user").equals("model")) {
        items.add(modelMessage(content.path("parts")));
      } else {
        content.path("parts").forEach(part -> addUserItem(items, part));
      }
    }
    // The program tells neither its session nor its agent: clients of one server count together.
    return new Conversation(items, system(), tools(), Optional.empty(), formedAnswer(), "", "");
  }

  private Optional<String> formedAnswer() {
    JsonNode config = root.path("generationConfig");
    for (String name : List.of("responseJsonSchema", "responseSchema")) {
      if (config.path(name).isObject()) {
        return Optional.of(SchemaSample.of(config.path(name)).toString());
      }
    }
    return Optional.empty();
  }

  private static Item modelMessage(JsonNode parts) {
    boolean callsTools = false;
    for (JsonNode part : parts) {
      callsTools |= part.has("functionCall");
    }
    return new Item.ModelMessage(callsTools);
  }

  private static void addUserItem(List<Item> items, JsonNode part) {
    if (part.path("text").isTextual()) {
      if (!part.path("text").asText().isBlank()) {
        items.add(GeminiTexts.item(part.path("text").asText()));
      }
    } else if (part.has("functionResponse")) {
      items.add(toolResult(part.path("functionResponse").path("response")));
    } else if (part.has("inlineData")) {
      items.add(image(part.path("inlineData")));
    }
  }

  private static Item toolResult(JsonNode response) {
    JsonNode error = response.path("error");
    if (error.isTextual()) {
      return new Item.ToolResult(error.asText(), true);
    }
    JsonNode output = response.path("output");
    return new Item.ToolResult(output.isTextual() ? output.asText() : response.toString(), false);
  }

  private static Item image(JsonNode data) {
    return Item.UserImage.ofBase64(
        data.path("mimeType").asText("unknown"), data.path("data").asText(""));
  }
}
