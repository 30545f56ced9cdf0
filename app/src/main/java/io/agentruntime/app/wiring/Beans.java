// SPDX-License-Identifier: MIT

package io.agentruntime.app.wiring;

import io.agentruntime.app.config.ServerConfig;
import io.agentruntime.app.embedding.Mode;
import io.agentruntime.app.embedding.Territory;
import io.agentruntime.app.gateway.GatewaySettings;
import io.agentruntime.app.gateway.engine.GatewayOptions;
import io.agentruntime.app.rest.view.FileTexts;
import io.agentruntime.app.rest.view.SessionReplies;
import io.agentruntime.app.security.Access;
import io.agentruntime.app.security.ApiKey;
import io.agentruntime.app.security.Cors;
import io.agentruntime.app.security.Origins;
import io.micronaut.context.annotation.Factory;
import io.micronaut.context.annotation.Property;
import jakarta.inject.Singleton;

/** Makes beans of what the configuration says. */
@Factory
final class Beans {
  @Singleton
  Access access(ServerConfig config, ApiKey key) {
    ServerConfig.Limits limits = config.limits();
    return new Access(
        key,
        limits.failedAuthPerMinute(),
        limits.requestsPerSecond(),
        limits.requestBurst(),
        System::nanoTime);
  }

  @Singleton
  Origins origins(ServerConfig config) {
    return new Origins(config.corsOrigins());
  }

  @Singleton
  Cors cors(Origins origins) {
    return new Cors(origins);
  }

  @Singleton
  GatewaySettings gatewaySettings(ServerConfig config) {
    return new GatewaySettings(config.sockets().dialect(), config.sockets().recovery());
  }

  @Singleton
  FileTexts fileTexts(ServerConfig config) {
    return new FileTexts(
        config.limits().maxInlineFileBytes(), config.limits().maxInlineTotalBytes());
  }

  @Singleton
  SessionReplies sessionReplies(FileTexts texts) {
    return new SessionReplies(texts);
  }

  @Singleton
  Territory territory(@Property(name = Mode.PROPERTY) String mode, GatewayOptions options) {
    return mode.equals(Mode.EMBEDDED) ? Territory.ofRoutes(options.path()) : Territory.everything();
  }
}
