// SPDX-License-Identifier: MIT

package io.agentruntime.scriptedmodel.openai;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.agentruntime.scriptedmodel.http.HttpRequest;
import io.agentruntime.scriptedmodel.http.HttpResponder;
import io.agentruntime.scriptedmodel.play.Director;
import io.agentruntime.scriptedmodel.play.Hashes;
import io.agentruntime.scriptedmodel.play.Reply;
import io.agentruntime.scriptedmodel.script.ScriptException;
import io.agentruntime.scriptedmodel.wire.RecordedRequest;
import io.agentruntime.scriptedmodel.wire.RequestLog;
import io.agentruntime.scriptedmodel.wire.WireFormat;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;

/** The OpenAI API: chat completions, whole or streamed, and the list of models. */
public final class OpenAiWire implements WireFormat {

  private static final String COMPLETIONS = "/v1/chat/completions";
  private static final String MODELS = "/v1/models";

  private final Director director;
  private final RequestLog log;
  private final OpenCodeTools tools = new OpenCodeTools();

  public OpenAiWire(Director director, RequestLog log) {
    this.director = director;
    this.log = log;
  }

  @Override
  public boolean serves(HttpRequest request, String path) {
    return path.equals(COMPLETIONS) || path.equals(MODELS);
  }

  @Override
  public Optional<String> apiKey(HttpRequest request) {
    return request.bearerToken();
  }

  @Override
  public void handle(HttpRequest request, String path, HttpResponder responder) throws IOException {
    if (path.equals(MODELS)) {
      models(responder);
      return;
    }
    if (!request.method().equals("POST")) {
      fail(405, "Method not allowed", responder);
      return;
    }
    try {
      ChatRequest asked = ChatRequest.read(request);
      record(request, asked);
      Reply reply = director.reply(asked.conversation(), tools);
      Completions completions = new Completions(asked, reply);
      if (asked.streaming()) {
        new CompletionStream(completions, responder).play();
      } else {
        new WholeCompletion(completions, responder).play();
      }
    } catch (IllegalArgumentException | ScriptException e) {
      fail(400, String.valueOf(e.getMessage()), responder);
    }
  }

  private void record(HttpRequest request, ChatRequest asked) {
    log.add(
        new RecordedRequest(
            "openai",
            asked.model(),
            apiKey(request).map(Hashes::sha256),
            asked.session(),
            "",
            asked.system(),
            asked.tools(),
            asked.streaming(),
            new String(request.body(), StandardCharsets.UTF_8)));
  }

  private static void models(HttpResponder responder) throws IOException {
    ObjectNode body = Completions.object().put("object", "list");
    body.putArray("data")
        .addObject()
        .put("id", "scripted")
        .put("object", "model")
        .put("owned_by", "scripted-model");
    send(200, body, responder);
  }

  @Override
  public void fail(int status, String message, HttpResponder responder) throws IOException {
    send(OpenAiError.of(status, message), responder);
  }

  static void send(OpenAiError error, HttpResponder responder) throws IOException {
    send(error.status(), error.body(), responder);
  }

  static void send(int status, ObjectNode body, HttpResponder responder) throws IOException {
    Map<String, String> headers = new LinkedHashMap<>();
    headers.put("content-type", "application/json");
    if (status == 429) {
      headers.put("retry-after", "1");
    }
    responder.send(status, headers, Completions.bytes(body));
  }
}
