// SPDX-License-Identifier: MIT

package io.agentruntime.sandbox.docker;

import com.github.dockerjava.transport.DockerHttpClient;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * docker-java's transport, over connections that end in bounded time.
 *
 * <p>The transports that come with docker-java ignore their time limits on Unix sockets, so that an
 * engine that hangs would hang its callers, and they keep connections that a restarted engine has
 * forgotten. Here every request has a connection of its own: opening one to a local socket costs
 * less than what the engine does with the request. Thread-safe.
 */
final class EngineHttpClient implements DockerHttpClient {
  private final EngineConnections connections;
  private final Duration timeout;

  EngineHttpClient(EngineConnections connections, Duration timeout) {
    this.connections = connections;
    this.timeout = timeout;
  }

  @Override
  public Response execute(Request request) {
    if (request.hijackedInput() != null) {
      throw new UnsupportedOperationException("streams to the engine are opened by ExecStream");
    }
    try {
      EngineConnection connection = connections.open(timeout);
      try {
        Map<String, String> headers = new LinkedHashMap<>(request.headers());
        headers.put("Connection", "close");
        return new Answer(
            HttpExchange.send(
                connection, request.method(), request.path(), headers, bodyOf(request)));
      } catch (IOException | RuntimeException e) {
        connection.close();
        throw e;
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Nothing to close: every answer closes its own connection. */
  @Override
  public void close() {}

  private static RequestBody bodyOf(Request request) {
    if (request.bodyBytes() != null) {
      return new RequestBody.Bytes(request.bodyBytes());
    }
    if (request.body() != null) {
      return new RequestBody.Stream(request.body());
    }
    return new RequestBody.Bytes(new byte[0]);
  }

  private record Answer(HttpExchange exchange) implements Response {
    @Override
    public int getStatusCode() {
      return exchange.status();
    }

    @Override
    public Map<String, List<String>> getHeaders() {
      return exchange.headers();
    }

    @Override
    public InputStream getBody() {
      return exchange.body();
    }

    @Override
    public void close() {
      try {
        exchange.body().close();
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      }
    }
  }
}
