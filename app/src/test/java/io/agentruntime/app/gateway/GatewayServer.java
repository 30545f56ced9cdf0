// SPDX-License-Identifier: MIT

package io.agentruntime.app.gateway;

import io.agentruntime.app.gateway.engine.EngineServer;
import io.agentruntime.app.wiring.Server;
import io.micronaut.context.ApplicationContext;
import io.micronaut.context.ApplicationContextBuilder;
import io.micronaut.runtime.server.EmbeddedServer;
import java.util.HashMap;
import java.util.Map;

/** A server on a free port with a gateway and nothing else, for one test. */
public final class GatewayServer implements AutoCloseable {
  private final ApplicationContext context;
  private final EmbeddedServer server;

  private GatewayServer(ApplicationContext context) {
    this.context = context;
    this.server = context.getBean(EmbeddedServer.class).start();
  }

  /**
   * Starts it.
   *
   * @param handler a SocketIoHandler or an EngineHandler
   * @param settings by their name after {@code agent-runtime.gateway.}, or their whole name
   */
  public static GatewayServer start(Object handler, Map<String, Object> settings) {
    Map<String, Object> all =
        new HashMap<>(Map.of("micronaut.server.port", 0, "micronaut.server.host", "127.0.0.1"));
    all.putAll(settings);
    return new GatewayServer(transports(all).singletons(handler).start());
  }

  /**
   * A context with the transports and no more: nothing that needs a runtime.
   *
   * @param settings by their name after {@code agent-runtime.gateway.}, or their whole name
   */
  public static ApplicationContextBuilder transports(Map<String, Object> settings) {
    Map<String, Object> properties = new HashMap<>(Server.ACCESS_LOG);
    settings.forEach(
        (key, value) ->
            properties.put(key.contains(".") ? key : "agent-runtime.gateway." + key, value));
    return ApplicationContext.builder()
        .deduceEnvironment(false)
        .properties(properties)
        .beanConfigurations(new TransportsOnly());
  }

  /** The port it listens on. */
  public int port() {
    return server.getPort();
  }

  /** Its address. */
  public String url() {
    return "http://127.0.0.1:" + port();
  }

  /** A bean of its context. */
  public <T> T bean(Class<T> type) {
    return context.getBean(type);
  }

  /** The connections of its gateway. */
  public EngineServer engine() {
    return bean(EngineServer.class);
  }

  @Override
  public void close() {
    context.close();
  }
}
