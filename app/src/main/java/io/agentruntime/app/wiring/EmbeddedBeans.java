// SPDX-License-Identifier: MIT

package io.agentruntime.app.wiring;

import io.agentruntime.app.config.ServerConfig;
import io.agentruntime.app.embedding.Mode;
import io.agentruntime.app.profile.ProfileFolder;
import io.agentruntime.app.security.ApiKey;
import io.agentruntime.core.AgentRuntime;
import io.micronaut.context.annotation.Bean;
import io.micronaut.context.annotation.Factory;
import io.micronaut.context.annotation.Requires;
import jakarta.inject.Singleton;

/**
 * Key and runtime of an application that our routes are part of, made of the {@link ServerConfig}
 * that is a bean of it. An application that makes one of them itself gets none from here.
 */
@Factory
@Requires(property = Mode.PROPERTY, value = Mode.EMBEDDED)
final class EmbeddedBeans {
  @Singleton
  @Requires(missingBeans = ApiKey.class)
  ApiKey apiKey(ServerConfig config) {
    return RunningServer.key(config.apiKey());
  }

  @Bean(preDestroy = "close")
  @Singleton
  @Requires(missingBeans = AgentRuntime.class)
  AgentRuntime runtime(ServerConfig config) throws InterruptedException {
    return AgentRuntime.start(
        config.runtime(
            Secrets.from(System.getenv()), ProfileFolder.of(config.profilesDirectory())));
  }
}
