// SPDX-License-Identifier: MIT

package io.agentruntime.sandbox.modal.grpc;

import io.micronaut.context.ApplicationContext;
import io.micronaut.context.ApplicationContextConfiguration;
import io.micronaut.context.DefaultApplicationContext;
import io.micronaut.context.DefaultApplicationContextBuilder;
import io.micronaut.inject.BeanDefinitionReference;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * A Micronaut context with nothing in it but the HTTP client.
 *
 * <p>Providers lie on one class path with the server, whose own beans would otherwise be taken for
 * beans of this context as well. This module itself has none, so nobody else's context sees any.
 */
final class HttpContext extends DefaultApplicationContextBuilder {
  private static final String ENVIRONMENT = "agent-runtime-sandbox-modal";
  private static final String CLIENT = "micronaut.http.client.";

  private static final List<String> NEEDED =
      List.of(
          "io.micronaut.http.client.",
          "io.micronaut.http.netty.",
          "io.micronaut.http.body.",
          "io.micronaut.http.codec.",
          "io.micronaut.http.bind.",
          "io.micronaut.http.resource.",
          "io.micronaut.http.ssl.",
          "io.micronaut.buffer.",
          "io.micronaut.aop.",
          "io.micronaut.retry.",
          "io.micronaut.inject.",
          "io.micronaut.context.",
          "io.micronaut.runtime.",
          "io.micronaut.json.",
          "io.micronaut.jackson.",
          "io.micronaut.discovery.",
          "io.micronaut.websocket.",
          "io.micronaut.scheduling.");

  private HttpContext() {}

  /** Starts a context; the caller closes it. */
  static ApplicationContext start(TransportSettings settings) {
    return new HttpContext()
        .classLoader(HttpContext.class.getClassLoader())
        .deduceEnvironment(false)
        .environments(ENVIRONMENT)
        .enableDefaultPropertySources(false)
        .environmentPropertySource(false)
        .bootstrapEnvironment(false)
        .banner(false)
        .properties(properties(settings))
        .start();
  }

  private static Map<String, Object> properties(TransportSettings settings) {
    Map<String, Object> properties = new HashMap<>();
    properties.put(CLIENT + "plaintext-mode", "H2C");
    properties.put(CLIENT + "alpn-modes", List.of("h2"));
    properties.put(CLIENT + "exception-on-error-status", false);
    properties.put(CLIENT + "follow-redirects", false);
    properties.put(CLIENT + "decompression-enabled", false);
    properties.put(CLIENT + "connect-timeout", settings.connectTimeout().toMillis() + "ms");
    // Calls have deadlines of their own, and streams may be silent for as long as they like.
    properties.put(CLIENT + "read-timeout", "-1s");
    properties.put(CLIENT + "read-idle-timeout", "-1s");
    properties.put(CLIENT + "connection-pool-idle-timeout", "60s");
    properties.put(CLIENT + "max-content-length", Integer.MAX_VALUE);
    properties.put(
        CLIENT + "pool.max-concurrent-requests-per-http2-connection",
        settings.streamsPerConnection());
    properties.put(CLIENT + "pool.max-concurrent-http2-connections", settings.connections());
    properties.put(CLIENT + "pool.max-pending-connections", settings.connections());
    properties.put(CLIENT + "pool.max-pending-acquires", 4096);
    properties.put(CLIENT + "http2.ping-interval-idle", "30s");
    properties.put(CLIENT + "http2.max-header-list-size", 64 * 1024);
    if (settings.trustStore() != null) {
      properties.put(CLIENT + "ssl.trust-store.path", "file:" + settings.trustStore());
      properties.put(CLIENT + "ssl.trust-store.type", "PKCS12");
      properties.put(CLIENT + "ssl.trust-store.password", "");
    }
    return properties;
  }

  @Override
  protected ApplicationContext newApplicationContext() {
    return new Isolated(this);
  }

  @SuppressWarnings("overrides") // Micronaut's own.
  private static final class Isolated extends DefaultApplicationContext {
    Isolated(ApplicationContextConfiguration configuration) {
      super(configuration);
    }

    @Override
    @SuppressWarnings("rawtypes") // As it is declared.
    protected List<BeanDefinitionReference> resolveBeanDefinitionReferences() {
      return super.resolveBeanDefinitionReferences().stream()
          .filter(bean -> NEEDED.stream().anyMatch(bean.getBeanDefinitionName()::startsWith))
          .toList();
    }
  }
}
