// SPDX-License-Identifier: MIT

package io.agentruntime.app.gateway.engine;

import io.agentruntime.app.gateway.protocol.EncodedPacket;
import io.agentruntime.app.gateway.protocol.EngineCodec;
import io.agentruntime.app.gateway.protocol.EnginePacket;
import io.agentruntime.app.gateway.protocol.ProtocolException;
import io.micronaut.context.annotation.Requires;
import io.micronaut.core.order.Ordered;
import io.micronaut.http.HttpMethod;
import io.micronaut.http.HttpRequest;
import io.micronaut.http.MutableHttpResponse;
import io.micronaut.http.ServerHttpRequest;
import io.micronaut.http.annotation.RequestFilter;
import io.micronaut.http.annotation.ServerFilter;
import io.micronaut.http.body.ByteBody;
import io.micronaut.http.server.annotation.PreMatching;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The polling transport, and the gate of the WebSocket transport.
 *
 * <p>A filter and no controller: Micronaut does not tell a GET from a WebSocket on the same path.
 * It comes before other filters, as the answers, CORS included, are those of the protocol.
 */
@ServerFilter("${agent-runtime.gateway.path:/socket.io/}**")
@Requires(beans = EngineServer.class)
final class PollingEndpoint implements Ordered {
  static final int ORDER = Ordered.HIGHEST_PRECEDENCE;

  private static final Logger LOG = LoggerFactory.getLogger(PollingEndpoint.class);
  private static final byte[] OK = "ok".getBytes(StandardCharsets.US_ASCII);

  private final EngineServer server;
  private final Handshakes handshakes;
  private final CorsHeaders cors;

  PollingEndpoint(EngineServer server, Handshakes handshakes, CorsHeaders cors) {
    this.server = server;
    this.handshakes = handshakes;
    this.cors = cors;
  }

  @Override
  public int getOrder() {
    return ORDER;
  }

  /** Answers what is not an upgrade. */
  @PreMatching
  @RequestFilter
  @Nullable CompletableFuture<MutableHttpResponse<?>> poll(HttpRequest<?> request) {
    if (Handshakes.isUpgrade(request)) {
      return null;
    }
    EngineRequest read = Handshakes.read(request);
    return answer(request, read).thenApply(response -> cors.add(read, response));
  }

  /** Refuses upgrades that the protocol refuses, and lets others pass. */
  @RequestFilter
  @Nullable MutableHttpResponse<?> upgrade(HttpRequest<?> request) {
    if (!Handshakes.isUpgrade(request)) {
      return null;
    }
    EngineError error = handshakes.check(Handshakes.read(request), request.getMethod(), true);
    return error == null ? null : EngineResponses.refusal(error);
  }

  private CompletableFuture<MutableHttpResponse<?>> answer(
      HttpRequest<?> request, EngineRequest read) {
    HttpMethod method = request.getMethod();
    if (method == HttpMethod.OPTIONS) {
      return now(cors.preflight(read));
    }
    EngineError error = handshakes.check(read, method, false);
    if (error != null) {
      return now(EngineResponses.refusal(error));
    }
    EngineConnection connection = read.parameter(Handshakes.SID).flatMap(server::find).orElse(null);
    if (connection == null) {
      return now(open(read));
    }
    return switch (method) {
      case GET -> poll(connection, request);
      case POST -> post(connection, request);
      default -> now(EngineResponses.refusal(EngineError.BAD_REQUEST));
    };
  }

  private MutableHttpResponse<?> open(EngineRequest read) {
    if (read.parameter(Handshakes.SID).isPresent()) {
      // It was there when the request was checked.
      return EngineResponses.refusal(EngineError.UNKNOWN_SESSION);
    }
    EncodedPacket handshake = server.openPolling(read);
    return handshake == null
        ? EngineResponses.refusal(EngineError.TOO_MANY_CONNECTIONS)
        : EngineResponses.text(handshake.head());
  }

  private static CompletableFuture<MutableHttpResponse<?>> poll(
      EngineConnection connection, HttpRequest<?> request) {
    NettyPollExchange exchange = new NettyPollExchange(connection, request);
    EngineError error = connection.poll(exchange);
    if (error != null) {
      exchange.forget();
      return now(EngineResponses.refusal(error));
    }
    return exchange.response();
  }

  private CompletableFuture<MutableHttpResponse<?>> post(
      EngineConnection connection, HttpRequest<?> request) {
    if (!connection.isPolling() || !connection.beginPost()) {
      return now(EngineResponses.refusal(EngineError.BAD_REQUEST));
    }
    return body(request)
        .handle(
            (body, failure) -> {
              try {
                return failure == null
                    ? receive(connection, body)
                    : EngineResponses.refusal(EngineError.BAD_REQUEST);
              } finally {
                connection.endPost();
              }
            });
  }

  private CompletableFuture<byte @Nullable []> body(HttpRequest<?> request) {
    int limit = server.options().maxPayload();
    ByteBody body = ((ServerHttpRequest<?>) request).byteBody();
    BodyReader reader = new BodyReader(limit);
    if (body.expectedLength().orElse(0) > limit) {
      reader.body().complete(null);
    } else {
      body.toByteArrayPublisher().subscribe(reader);
    }
    return reader.body();
  }

  private MutableHttpResponse<?> receive(EngineConnection connection, byte @Nullable [] body) {
    if (body == null) {
      connection.close(DisconnectReason.MESSAGE_TOO_LONG);
      return EngineResponses.refusal(EngineError.TOO_LARGE);
    }
    try {
      String payload = EngineCodec.text(ByteBuffer.wrap(body));
      int most = server.options().inboxMessages();
      for (EnginePacket packet : EngineCodec.decodePayload(payload, most)) {
        if (!connection.receive(packet)) {
          return EngineResponses.refusal(EngineError.BAD_REQUEST);
        }
      }
      return EngineResponses.text(OK);
    } catch (ProtocolException e) {
      LOG.debug("Connection {}: {}", connection.number(), e.getMessage());
      connection.close(DisconnectReason.PARSE_ERROR);
      return EngineResponses.refusal(EngineError.BAD_REQUEST);
    }
  }

  private static CompletableFuture<MutableHttpResponse<?>> now(MutableHttpResponse<?> response) {
    return CompletableFuture.completedFuture(response);
  }
}
