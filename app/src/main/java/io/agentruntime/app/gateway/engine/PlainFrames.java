// SPDX-License-Identifier: MIT

package io.agentruntime.app.gateway.engine;

import io.micronaut.context.event.BeanCreatedEvent;
import io.micronaut.context.event.BeanCreatedEventListener;
import io.micronaut.http.server.netty.NettyServerCustomizer;
import io.micronaut.http.server.netty.websocket.NettyServerWebSocketUpgradeHandler;
import io.netty.channel.Channel;
import jakarta.inject.Singleton;
import org.jspecify.annotations.Nullable;

/**
 * Turns off the compression of WebSocket frames, which Micronaut offers to every client.
 *
 * <p>It would cost several times the work per frame and a window of memory per connection, and a
 * client's frame could unfold to any size before a limit of ours sees it.
 */
@Singleton
final class PlainFrames implements BeanCreatedEventListener<NettyServerCustomizer.Registry> {
  @Override
  public NettyServerCustomizer.Registry onCreated(
      BeanCreatedEvent<NettyServerCustomizer.Registry> event) {
    NettyServerCustomizer.Registry registry = event.getBean();
    registry.register(new Customizer(null));
    return registry;
  }

  private record Customizer(@Nullable Channel channel) implements NettyServerCustomizer {
    @Override
    public NettyServerCustomizer specializeForChannel(Channel channel, ChannelRole role) {
      return new Customizer(channel);
    }

    @Override
    public void onStreamPipelineBuilt() {
      String name = NettyServerWebSocketUpgradeHandler.COMPRESSION_HANDLER;
      if (channel != null && channel.pipeline().get(name) != null) {
        channel.pipeline().remove(name);
      }
    }
  }
}
