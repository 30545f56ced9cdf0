// SPDX-License-Identifier: MIT

package io.agentruntime.app.wiring;

import io.agentruntime.app.config.ServerConfig;
import io.agentruntime.app.embedding.Mode;
import io.agentruntime.app.gateway.stream.SessionStreams;
import io.agentruntime.app.security.ApiKey;
import io.agentruntime.core.AgentRuntime;
import io.agentruntime.error.AgentRuntimeException;
import io.agentruntime.error.StandardError;
import io.micronaut.context.ApplicationContext;
import io.micronaut.http.server.exceptions.ServerStartupException;
import io.micronaut.http.server.netty.NettyEmbeddedServer;
import io.micronaut.http.uri.UriBuilder;
import io.micronaut.runtime.server.EmbeddedServer;
import java.net.URI;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.OptionalInt;

/**
 * The HTTP side of a running server: routes and sockets around a runtime, which stays its caller's.
 *
 * <p>Thread-safe. The caller closes it, before the runtime when nobody is to be told that the
 * server stops, else after it; idempotent.
 */
public final class Server implements AutoCloseable {
  /** What an access log may hold: of a request its path alone, as the query may hold a key. */
  public static final Map<String, Object> ACCESS_LOG =
      Map.of("micronaut.server.netty.access-logger.log-format", "%h %l %u %t \"%m %U %H\" %s %b");

  private final ApplicationContext context;
  private final EmbeddedServer http;
  private final int port;

  private Server(ApplicationContext context, EmbeddedServer http, int port) {
    this.context = context;
    this.http = http;
    this.port = port;
  }

  /**
   * Starts to listen.
   *
   * @throws AgentRuntimeException {@code CONFIGURATION} when the address cannot be used
   */
  public static Server start(ServerConfig config, ApiKey key, AgentRuntime runtime) {
    ApplicationContext context =
        ApplicationContext.builder()
            .deduceEnvironment(false)
            .banner(false)
            .properties(properties(config))
            .build();
    context.registerSingleton(ServerConfig.class, config);
    context.registerSingleton(ApiKey.class, key);
    context.registerSingleton(AgentRuntime.class, runtime);
    try {
      context.start();
      EmbeddedServer http = context.getBean(EmbeddedServer.class);
      http.start();
      return new Server(context, http, port(config, http));
    } catch (ServerStartupException e) {
      context.close();
      throw new AgentRuntimeException(
          StandardError.CONFIGURATION,
          "cannot listen on "
              + config.listen().host()
              + ":"
              + config.listen().port()
              + "; is the port in use? Choose another one with --port",
          e);
    } catch (RuntimeException e) {
      context.close();
      throw e;
    }
  }

  private static Map<String, Object> properties(ServerConfig config) {
    Map<String, Object> properties = new LinkedHashMap<>();
    properties.put(Mode.PROPERTY, Mode.SERVER);
    properties.put("micronaut.application.name", "agent-runtime");
    properties.putAll(ACCESS_LOG);
    properties.put("micronaut.server.host", config.listen().host());
    properties.put("micronaut.server.port", config.listen().port());
    properties.put("micronaut.server.max-request-size", config.limits().maxBodyBytes());
    // Else a page of an allowed origin may not ask a server on this machine. Nothing here is open
    // to who has no key, wherever it comes from.
    properties.put("micronaut.server.cors.localhost-pass-through", true);
    properties.put("agent-runtime.gateway.allowed-origins", config.corsOrigins());
    config
        .sockets()
        .transport()
        .forEach((key, value) -> properties.put("agent-runtime." + key, value));
    config
        .listen()
        .websocketPort()
        .ifPresent(
            port -> {
              String listeners = "micronaut.server.netty.listeners.";
              properties.put(listeners + "http.host", config.listen().host());
              properties.put(listeners + "http.port", config.listen().port());
              properties.put(listeners + "sockets.host", config.listen().host());
              properties.put(listeners + "sockets.port", port);
            });
    return properties;
  }

  /** Of several ports the server names any as its own, the one for sockets too. */
  private static int port(ServerConfig config, EmbeddedServer http) {
    OptionalInt sockets = config.listen().websocketPort();
    if (sockets.isEmpty() || !(http instanceof NettyEmbeddedServer server)) {
      return http.getPort();
    }
    return server.getBoundPorts().stream()
        .filter(bound -> bound != sockets.getAsInt())
        .findFirst()
        .orElseGet(http::getPort);
  }

  /** The address to call. */
  public URI address() {
    return UriBuilder.of(http.getURI()).port(port).build();
  }

  /** The port in use, not the further one for sockets. */
  public int port() {
    return port;
  }

  /** How many streams of events are open, Socket.IO not counted. */
  public int streams() {
    return context.getBean(SessionStreams.class).count();
  }

  @Override
  public void close() {
    if (context.isRunning()) {
      // While there are still connections over which clients can be told.
      context.getBean(SessionStreams.class).close();
    }
    context.close();
  }
}
