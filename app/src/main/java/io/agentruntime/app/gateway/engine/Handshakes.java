// SPDX-License-Identifier: MIT

package io.agentruntime.app.gateway.engine;

import io.micronaut.context.annotation.Requires;
import io.micronaut.http.HttpHeaders;
import io.micronaut.http.HttpMethod;
import io.micronaut.http.HttpRequest;
import jakarta.inject.Singleton;
import java.net.InetSocketAddress;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Reads and checks the requests of both transports. Thread-safe. */
@Singleton
@Requires(beans = EngineServer.class)
final class Handshakes {
  static final String SID = "sid";

  private static final String POLLING = "polling";
  private static final String WEBSOCKET = "websocket";
  private static final String VERSION = "4";

  private final EngineServer server;
  private final OriginPolicy origins;

  Handshakes(EngineServer server, OriginPolicy origins) {
    this.server = server;
    this.origins = origins;
  }

  static boolean isUpgrade(HttpRequest<?> request) {
    return names(request, HttpHeaders.CONNECTION, "upgrade")
        && names(request, HttpHeaders.UPGRADE, WEBSOCKET);
  }

  private static boolean names(HttpRequest<?> request, String header, String value) {
    for (String line : request.getHeaders().getAll(header)) {
      for (String part : line.split(",", -1)) {
        if (part.strip().equalsIgnoreCase(value)) {
          return true;
        }
      }
    }
    return false;
  }

  /** What the connection is to remember of the request. */
  static EngineRequest read(HttpRequest<?> request) {
    Map<String, List<String>> headers = new LinkedHashMap<>();
    request
        .getHeaders()
        .forEach((name, values) -> headers.put(name.toLowerCase(Locale.ROOT), List.copyOf(values)));
    Map<String, List<String>> query = new LinkedHashMap<>();
    request.getParameters().forEach((name, values) -> query.put(name, List.copyOf(values)));
    return new EngineRequest(headers, query, address(request.getRemoteAddress()));
  }

  private static String address(InetSocketAddress peer) {
    return peer.isUnresolved() ? peer.getHostString() : peer.getAddress().getHostAddress();
  }

  /** Why the request is refused; null if it is not. */
  @Nullable EngineError check(EngineRequest request, HttpMethod method, boolean upgrade) {
    if (!origins.allows(request)) {
      return EngineError.FORBIDDEN;
    }
    Optional<String> transport = request.parameter("transport");
    if (transport.isEmpty()
        || !(transport.get().equals(POLLING) || transport.get().equals(WEBSOCKET))) {
      return EngineError.UNKNOWN_TRANSPORT;
    }
    if (upgrade != transport.get().equals(WEBSOCKET)) {
      return EngineError.BAD_REQUEST;
    }
    Optional<String> sid = request.parameter(SID);
    if (sid.isPresent()) {
      return server.find(sid.get()).isPresent() ? null : EngineError.UNKNOWN_SESSION;
    }
    if (method != HttpMethod.GET) {
      return EngineError.BAD_HANDSHAKE_METHOD;
    }
    if (!request.parameter("EIO").orElse("").equals(VERSION)) {
      return EngineError.UNSUPPORTED_VERSION;
    }
    return server.isFull() ? EngineError.TOO_MANY_CONNECTIONS : null;
  }
}
