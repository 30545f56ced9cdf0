// SPDX-License-Identifier: MIT

package io.agentruntime.scriptedmodel.gemini;

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
import java.util.Map;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** The Gemini API: contents, whole or streamed as events, token counts and the list of models. */
public final class GeminiWire implements WireFormat {

  private static final String MODELS = "/v1beta/models";
  private static final Pattern CALL =
      Pattern.compile(
          "/(?:v1beta|v1alpha|v1)/(?:publishers/google/)?models/([^/:]+):"
              + "(generateContent|streamGenerateContent|countTokens)");

  private final Director director;
  private final RequestLog log;
  private final GeminiTools tools = new GeminiTools();

  public GeminiWire(Director director, RequestLog log) {
    this.director = director;
    this.log = log;
  }

  @Override
  public boolean serves(HttpRequest request, String path) {
    return path.equals(MODELS) || CALL.matcher(path).matches();
  }

  @Override
  public Optional<String> apiKey(HttpRequest request) {
    return request.header("x-goog-api-key");
  }

  @Override
  public void handle(HttpRequest request, String path, HttpResponder responder) throws IOException {
    Matcher call = CALL.matcher(path);
    if (!call.matches()) {
      models(responder);
      return;
    }
    if (!request.method().equals("POST")) {
      fail(405, "Method not allowed", responder);
      return;
    }
    try {
      GenerateRequest asked = GenerateRequest.read(request, call.group(1));
      if (call.group(2).equals("countTokens")) {
        send(200, Candidates.object().put("totalTokens", asked.inputTokens()), responder);
        return;
      }
      boolean streaming = call.group(2).equals("streamGenerateContent");
      record(request, asked, streaming);
      Reply reply = Subagents.finished(director.reply(asked.conversation(), tools), asked);
      new Performance(new Candidates(asked, reply), responder, streaming).play();
    } catch (IllegalArgumentException | ScriptException e) {
      fail(400, String.valueOf(e.getMessage()), responder);
    }
  }

  private void record(HttpRequest request, GenerateRequest asked, boolean streaming) {
    log.add(
        new RecordedRequest(
            "gemini",
            asked.model(),
            apiKey(request).map(Hashes::sha256),
            "",
            "",
            asked.system(),
            asked.tools(),
            streaming,
            new String(request.body(), StandardCharsets.UTF_8)));
  }

  private static void models(HttpResponder responder) throws IOException {
    ObjectNode body = Candidates.object();
    body.putArray("models")
        .addObject()
        .put("name", "models/scripted")
        .put("displayName", "Scripted model");
    send(200, body, responder);
  }

  @Override
  public void fail(int status, String message, HttpResponder responder) throws IOException {
    send(GeminiError.of(status, message), responder);
  }

  static void send(GeminiError error, HttpResponder responder) throws IOException {
    send(error.code(), error.body(), responder);
  }

  static void send(int status, ObjectNode body, HttpResponder responder) throws IOException {
    responder.send(
        status, Map.of("content-type", "application/json; charset=UTF-8"), Candidates.bytes(body));
  }
}
