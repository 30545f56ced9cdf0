// SPDX-License-Identifier: MIT

package io.agentruntime.app.gateway;

import io.agentruntime.app.gateway.engine.GatewayOptions;
import io.agentruntime.app.gateway.socketio.SocketIoHandler;
import io.agentruntime.app.gateway.stream.SessionStreams;
import io.agentruntime.app.rest.view.FileTexts;
import io.agentruntime.app.security.Access;
import io.agentruntime.core.AgentRuntime;
import io.micronaut.context.annotation.Bean;
import io.micronaut.context.annotation.Context;
import io.micronaut.context.annotation.Factory;
import jakarta.inject.Singleton;
import java.time.InstantSource;

/** Puts the gateway together. */
@Factory
final class GatewayBeans {
  @Singleton
  ClientRegistry clients(GatewaySettings settings) {
    return new ClientRegistry(settings.recovery(), System::nanoTime);
  }

  @Bean(preDestroy = "close")
  @Singleton
  SessionRooms rooms(AgentRuntime runtime, FileTexts texts) {
    return new SessionRooms(runtime.sessions(), texts, InstantSource.system());
  }

  @Bean(preDestroy = "close")
  @Context
  SessionChanges changes(
      AgentRuntime runtime, SessionRooms rooms, SessionStreams streams, ClientRegistry clients) {
    return new SessionChanges(runtime.sessions(), rooms, streams, clients);
  }

  @Singleton
  SocketIoHandler handler(
      AgentRuntime runtime,
      Access access,
      GatewaySettings settings,
      ClientRegistry clients,
      RecentViews views,
      SessionRooms rooms,
      GatewayOptions options) {
    return new SessionGateway(
        runtime, access, settings.dialect(), options.maxRooms(), clients, views, rooms);
  }
}
