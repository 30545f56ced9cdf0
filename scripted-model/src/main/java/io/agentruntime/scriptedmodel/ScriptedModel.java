// SPDX-License-Identifier: MIT

package io.agentruntime.scriptedmodel;

import io.agentruntime.scriptedmodel.anthropic.AnthropicWire;
import io.agentruntime.scriptedmodel.gemini.GeminiWire;
import io.agentruntime.scriptedmodel.http.HttpService;
import io.agentruntime.scriptedmodel.openai.OpenAiWire;
import io.agentruntime.scriptedmodel.play.Director;
import io.agentruntime.scriptedmodel.script.ScriptReader;
import io.agentruntime.scriptedmodel.wire.RecordedRequest;
import io.agentruntime.scriptedmodel.wire.RequestLog;
import java.io.IOException;
import java.net.InetAddress;
import java.net.URI;
import java.time.Duration;
import java.util.List;

/**
 * A model that plays scripts: an HTTP server that speaks the vendors' model APIs and takes what it
 * answers from tags in the prompt (see {@link ScriptReader}).
 *
 * <p>It keeps no conversation. Where a script stands follows from each request alone, so a
 * conversation goes on after a restart, or on another server. Thread-safe. The caller closes it;
 * closing is idempotent.
 */
public final class ScriptedModel implements AutoCloseable {

  private static final Duration IDLE_TIMEOUT = Duration.ofMinutes(10);

  private final HttpService service;
  private final RequestLog log;
  private final URI baseUri;

  private ScriptedModel(HttpService service, RequestLog log, URI baseUri) {
    this.service = service;
    this.log = log;
    this.baseUri = baseUri;
  }

  /**
   * Starts to listen.
   *
   * @throws IOException when the address is unknown or cannot be bound; the message names it
   */
  public static ScriptedModel start(ScriptedModelOptions options) throws IOException {
    RequestLog log = new RequestLog(options.recordedRequests());
    Director director =
        new Director(
            new ScriptReader(options.scenarios()),
            new Director.Pacing(options.chunkCodePoints(), options.chunkGap()));
    String basePath = options.pathToken().map(token -> "/t/" + token).orElse("");
    ModelHandler handler =
        new ModelHandler(
            basePath,
            options.apiKey(),
            List.of(
                new AnthropicWire(director, log, options.workingDirectory()),
                new GeminiWire(director, log),
                new OpenAiWire(director, log)));
    HttpService service =
        HttpService.start(
            InetAddress.getByName(options.bind()),
            options.port(),
            new HttpService.Limits(options.maxBodyBytes(), options.maxConnections(), IDLE_TIMEOUT),
            handler);
    return new ScriptedModel(service, log, baseUri(service, basePath));
  }

  /** What clients take as the base of the API; holds the path token when there is one. */
  public URI baseUri() {
    return baseUri;
  }

  /** The latest requests for messages, oldest first; bounded. */
  public List<RecordedRequest> requests() {
    return log.list();
  }

  /** How many client connections are open. */
  public int openConnections() {
    return service.openConnections();
  }

  @Override
  public void close() throws IOException {
    service.close();
  }

  private static URI baseUri(HttpService service, String basePath) {
    String host = service.address().getHostAddress();
    String bracketed = host.contains(":") ? "[" + host + "]" : host;
    return URI.create("http://" + bracketed + ":" + service.port() + basePath);
  }
}
