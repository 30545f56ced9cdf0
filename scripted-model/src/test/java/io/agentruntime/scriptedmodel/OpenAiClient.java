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

/** Asks in the OpenAI API's form, and carries the conversation on. */
final class OpenAiClient implements AutoCloseable {

  private static final String END = "data: [DONE]\n\n";

  private final HttpClient http = HttpClient.newHttpClient();
  private final URI base;
  private final ArrayNode messages = ModelClient.JSON.createArrayNode();

  OpenAiClient(URI base) {
    this.base = base;
  }

  OpenAiClient user(String text) {
    return message("user", text);
  }

  OpenAiClient message(String role, String text) {
    messages.addObject().put("role", role).put("content", text);
    return this;
  }

  /** A message of the user that holds a text and an image. */
  OpenAiClient image(String text, String address) {
    ArrayNode parts = messages.addObject().put("role", "user").putArray("content");
    parts.addObject().put("type", "text").put("text", text);
    parts.addObject().put("type", "image_url").putObject("image_url").put("url", address);
    return this;
  }

  ObjectNode body() {
    ObjectNode body = ModelClient.JSON.createObjectNode().put("model", "test-model");
    body.set("messages", messages);
    ArrayNode tools = body.putArray("tools");
    for (String tool : List.of("write", "bash", "task")) {
      tools.addObject().put("type", "function").putObject("function").put("name", tool);
    }
    return body;
  }

  ObjectNode streamingBody() {
    ObjectNode body = body().put("stream", true);
    body.putObject("stream_options").put("include_usage", true);
    return body;
  }

  HttpResponse<String> post(ObjectNode body) throws IOException, InterruptedException {
    return send(
        HttpRequest.newBuilder(URI.create(base + "/v1/chat/completions"))
            .POST(HttpRequest.BodyPublishers.ofString(body.toString())));
  }

  HttpResponse<String> models() throws IOException, InterruptedException {
    return send(HttpRequest.newBuilder(URI.create(base + "/v1/models")));
  }

  private HttpResponse<String> send(HttpRequest.Builder request)
      throws IOException, InterruptedException {
    return http.send(
        request
            .timeout(Duration.ofSeconds(120))
            .header("authorization", "Bearer test-key")
            .header("x-session-id", "ses_1")
            .build(),
        HttpResponse.BodyHandlers.ofString(StandardCharsets.UTF_8));
  }

  /** The events of a streamed answer, without the mark of its end. */
  List<JsonNode> stream() throws IOException, InterruptedException {
    HttpResponse<String> response = post(streamingBody());
    if (response.statusCode() != 200) {
      throw new IOException(response.statusCode() + " " + response.body());
    }
    String body = response.body();
    return ModelClient.events(
        body.endsWith(END) ? body.substring(0, body.length() - END.length()) : body);
  }

  /** Asks, and adds the reply to the conversation; its message put together from its deltas. */
  JsonNode next() throws IOException, InterruptedException {
    ObjectNode message = ModelClient.JSON.createObjectNode().put("role", "assistant");
    List<ObjectNode> calls = new ArrayList<>();
    StringBuilder text = new StringBuilder();
    for (JsonNode event : stream()) {
      JsonNode delta = event.at("/choices/0/delta");
      text.append(delta.path("content").asText(""));
      for (JsonNode piece : delta.path("tool_calls")) {
        if (piece.has("id")) {
          calls.add(((ObjectNode) piece).deepCopy());
        } else {
          ObjectNode function =
              (ObjectNode) calls.get(piece.path("index").asInt()).path("function");
          function.put(
              "arguments",
              function.path("arguments").asText() + piece.at("/function/arguments").asText());
        }
      }
    }
    message.put("content", text.toString());
    if (!calls.isEmpty()) {
      message.putArray("tool_calls").addAll(calls);
    }
    messages.add(message);
    return message;
  }

  /** Answers all calls of a reply. */
  OpenAiClient results(JsonNode message, String output) {
    for (JsonNode call : message.path("tool_calls")) {
      messages
          .addObject()
          .put("role", "tool")
          .put("tool_call_id", call.path("id").asText())
          .put("content", output);
    }
    return this;
  }

  @Override
  public void close() {
    http.shutdownNow();
    http.close();
  }
}
