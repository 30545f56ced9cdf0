// SPDX-License-Identifier: MIT

package io.agentruntime.scriptedmodel;

import com.fasterxml.jackson.databind.JsonNode;
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

/** Asks in the Gemini API's form, and carries the conversation on. */
final class GeminiClient implements AutoCloseable {

  private final HttpClient http = HttpClient.newHttpClient();
  private final URI base;
  private final ArrayNode contents = ModelClient.JSON.createArrayNode();

  GeminiClient(URI base) {
    this.base = base;
  }

  GeminiClient user(String text) {
    contents.addObject().put("role", "user").putArray("parts").addObject().put("text", text);
    return this;
  }

  /** Adds a part that is no text to the latest content. */
  GeminiClient part(String json) throws IOException {
    ArrayNode parts = (ArrayNode) contents.get(contents.size() - 1).get("parts");
    parts.add(ModelClient.JSON.readTree(json));
    return this;
  }

  ObjectNode body() {
    ObjectNode body = ModelClient.JSON.createObjectNode();
    body.set("contents", contents);
    ArrayNode declarations = body.putArray("tools").addObject().putArray("functionDeclarations");
    for (String tool : List.of("write_file", "run_shell_command", "invoke_agent")) {
      declarations.addObject().put("name", tool);
    }
    return body;
  }

  HttpResponse<String> post(String method, ObjectNode body)
      throws IOException, InterruptedException {
    return http.send(
        HttpRequest.newBuilder(URI.create(base + "/v1beta/models/test-model:" + method))
            .timeout(Duration.ofSeconds(120))
            .header("x-goog-api-key", "test-key")
            .POST(HttpRequest.BodyPublishers.ofString(body.toString()))
            .build(),
        HttpResponse.BodyHandlers.ofString(StandardCharsets.UTF_8));
  }

  /** The events of a streamed answer. */
  List<JsonNode> stream() throws IOException, InterruptedException {
    HttpResponse<String> response = post("streamGenerateContent?alt=sse", body());
    if (response.statusCode() != 200) {
      throw new IOException(response.statusCode() + " " + response.body());
    }
    return ModelClient.events(response.body());
  }

  /** Asks, and adds the reply to the conversation; its parts. */
  List<JsonNode> next() throws IOException, InterruptedException {
    List<JsonNode> parts = new ArrayList<>();
    for (JsonNode event : stream()) {
      event.at("/candidates/0/content/parts").forEach(parts::add);
    }
    ArrayNode said = contents.addObject().put("role", "model").putArray("parts");
    parts.forEach(said::add);
    return parts;
  }

  /** Answers all calls among the parts of a reply. */
  GeminiClient results(List<JsonNode> parts, String output) {
    ArrayNode answers = contents.addObject().put("role", "user").putArray("parts");
    for (JsonNode part : parts) {
      if (part.has("functionCall")) {
        ObjectNode answer = answers.addObject().putObject("functionResponse");
        answer.set("id", part.at("/functionCall/id"));
        answer.putObject("response").put("output", output);
      }
    }
    return this;
  }

  static String text(List<JsonNode> parts) {
    StringBuilder text = new StringBuilder();
    for (JsonNode part : parts) {
      text.append(part.path("thought").asBoolean() ? "" : part.path("text").asText(""));
    }
    return text.toString();
  }

  @Override
  public void close() {
    http.shutdownNow();
    http.close();
  }
}
