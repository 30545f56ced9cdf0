// SPDX-License-Identifier: MIT

package io.agentruntime.scriptedmodel.anthropic;

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

/** The Anthropic Messages API: messages, whole or streamed, token counts and the list of models. */
public final class AnthropicWire implements WireFormat {

  private static final String MESSAGES = "/v1/messages";
  private static final String COUNT_TOKENS = "/v1/messages/count_tokens";
  private static final String MODELS = "/v1/models";

  private final Director director;
  private final RequestLog log;
  private final ClaudeTools tools;

  /**
   * @param workingDirectory what relative paths mean when a request does not say where the agent
   *     works
   */
  public AnthropicWire(Director director, RequestLog log, String workingDirectory) {
    this.director = director;
    this.log = log;
    this.tools = new ClaudeTools(workingDirectory);
  }

  @Override
  public boolean serves(HttpRequest request, String path) {
    return path.equals(MESSAGES)
        || path.equals(COUNT_TOKENS)
        || (path.equals(MODELS) && !isForAnother(request));
  }

  /** OpenAI's API has a list of models under the same path; its clients send bearer tokens only. */
  private static boolean isForAnother(HttpRequest request) {
    return request.header("anthropic-version").isEmpty()
        && request.header("x-api-key").isEmpty()
        && request.bearerToken().isPresent();
  }

  @Override
  public Optional<String> apiKey(HttpRequest request) {
    return request.header("x-api-key").or(request::bearerToken);
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
    MessagesRequest asked;
    try {
      asked = MessagesRequest.read(request);
      if (path.equals(COUNT_TOKENS)) {
        ObjectNode body = Messages.object().put("input_tokens", asked.inputTokens());
        sendJson(200, Map.of(), body, responder);
        return;
      }
      record(request, asked);
      messages(asked, responder);
    } catch (IllegalArgumentException | ScriptException e) {
      fail(400, String.valueOf(e.getMessage()), responder);
    }
  }

  private void messages(MessagesRequest asked, HttpResponder responder) throws IOException {
    Reply reply = director.reply(asked.conversation(), tools);
    Messages messages = new Messages(asked, reply);
    if (asked.streaming()) {
      new EventStream(messages, responder).play();
    } else {
      new WholeMessage(messages, responder).play();
    }
  }

  private void record(HttpRequest request, MessagesRequest asked) {
    log.add(
        new RecordedRequest(
            "anthropic",
            asked.model(),
            apiKey(request).map(Hashes::sha256),
            asked.session(),
            asked.agent(),
            asked.system(),
            asked.tools(),
            asked.streaming(),
            new String(request.body(), StandardCharsets.UTF_8)));
  }

  private static void models(HttpResponder responder) throws IOException {
    ObjectNode body = Messages.object();
    body.putArray("data")
        .addObject()
        .put("type", "model")
        .put("id", "scripted")
        .put("display_name", "Scripted model");
    body.put("has_more", false);
    sendJson(200, Map.of(), body, responder);
  }

  @Override
  public void fail(int status, String message, HttpResponder responder) throws IOException {
    sendError(ApiError.of(status, message), Messages.requestId(message), responder);
  }

  static void sendError(ApiError error, String requestId, HttpResponder responder)
      throws IOException {
    Map<String, String> headers = new LinkedHashMap<>();
    headers.put("request-id", requestId);
    if (error.status() == 429) {
      headers.put("retry-after", "1");
    }
    sendJson(error.status(), headers, error.body(requestId), responder);
  }

  static void sendJson(
      int status, Map<String, String> headers, ObjectNode body, HttpResponder responder)
      throws IOException {
    Map<String, String> all = new LinkedHashMap<>();
    all.put("content-type", "application/json");
    all.putAll(headers);
    responder.send(status, all, Messages.bytes(body));
  }
}
