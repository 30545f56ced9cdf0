package com.example.host;

import io.agentruntime.app.config.Configuration;
import io.agentruntime.app.config.ServerConfig;
import io.micronaut.context.annotation.Factory;
import io.micronaut.context.annotation.Value;
import jakarta.inject.Singleton;
import java.util.Map;

/**
 * What the runtime is told: the same settings that the server has. Of it are made the API key and
 * the {@code AgentRuntime}, where this application makes no such bean itself.
 */
@Factory
final class Agents {
  // tag::config[]
  @Singleton
  ServerConfig agents(@Value("${agents.data}") String data, @Value("${agents.key}") String key) {
    return Configuration.of(
        Map.of("data-dir", data, "sandbox", "local", "persistence", "memory", "api-key", key));
  }
  // end::config[]
}
