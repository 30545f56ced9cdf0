// SPDX-License-Identifier: MIT

package io.agentruntime.scriptedmodel;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/** What a test needs of an agent program: asks, and carries the conversation on. */
final class ModelClient implements AutoCloseable {

  static final ObjectMapper JSON = new ObjectMapper();

  private final HttpClient http = HttpClient.newHttpClient();
  private final URI base;
  private final ArrayNode messages = JSON.createArrayNode();
  private final ArrayNode tools = JSON.createArrayNode();
  private String apiKey = "test-key";

  ModelClient(URI base) {
    this.base = base;
    for (String tool : List.of("Agent", "Bash", "Edit", "Read", "Write")) {
      tools.addObject().put("name", tool);
    }
  }

  ModelClient withKey(String key) {
    apiKey = key;
    return this;
  }

  ModelClient withoutTools() {
    tools.removeAll();
    return this;
  }

  ModelClient user(String text) {
    messages.addObject().put("role", "user").put("content", text);
    return this;
  }

  ModelClient message(String role, String contentJson) throws IOException {
    messages.addObject().put("role", role).set("content", JSON.readTree(contentJson));
    return this;
  }

  ObjectNode body(boolean stream) {
    ObjectNode body = JSON.createObjectNode().put("model", "test-model").put("stream", stream);
    body.set("messages", messages);
    body.set("tools", tools);
    return body;
  }

  HttpRequest.Builder request(String path) {
    return HttpRequest.newBuilder(URI.create(base + path))
        .timeout(Duration.ofSeconds(120))
        .header("x-api-key", apiKey)
        .header("content-type", "application/json");
  }

  HttpResponse<String> post(String path, String body) throws IOException, InterruptedException {
    return http.send(
        request(path).POST(HttpRequest.BodyPublishers.ofString(body)).build(),
        HttpResponse.BodyHandlers.ofString(StandardCharsets.UTF_8));
  }

  HttpResponse<String> ask(boolean stream) throws IOException, InterruptedException {
    return post("/v1/messages?beta=true", body(stream).toString());
  }

  /** Asks, and adds the reply to the conversation. */
  JsonNode next() throws IOException, InterruptedException {
    HttpResponse<String> response = ask(false);
    if (response.statusCode() != 200) {
      throw new IOException(response.statusCode() + " " + response.body());
    }
    JsonNode reply = JSON.readTree(response.body());
    messages.addObject().put("role", "assistant").set("content", reply.get("content"));
    return reply;
  }

  /** Answers all tool calls of a reply. */
  ModelClient results(JsonNode reply, String text) {
    ArrayNode content = messages.addObject().put("role", "user").putArray("content");
    for (JsonNode block : reply.get("content")) {
      if (block.get("type").asText().equals("tool_use")) {
        content
            .addObject()
            .put("type", "tool_result")
            .put("tool_use_id", block.get("id").asText())
            .put("content", text);
      }
    }
    return this;
  }

  static String text(JsonNode reply) {
    StringBuilder text = new StringBuilder();
    reply.get("content").forEach(block -> text.append(block.path("text").asText("")));
    return text.toString();
  }

  /** The data of all events in a stream's text. */
  static List<JsonNode> events(String stream) throws IOException {
    List<JsonNode> events = new ArrayList<>();
    for (String line : stream.lines().toList()) {
      if (line.startsWith("data: ")) {
        events.add(JSON.readTree(line.substring(6)));
      }
    }
    return events;
  }

  HttpClient http() {
    return http;
  }

  @Override
  public void close() {
    http.shutdownNow();
    http.close();
  }
}
