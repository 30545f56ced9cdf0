// SPDX-License-Identifier: MIT

package io.agentruntime.app.gateway.engine;

import io.agentruntime.app.gateway.protocol.EncodedPacket;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.Channel;
import io.netty.channel.ChannelException;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.ChannelOption;
import io.netty.handler.codec.http.websocketx.BinaryWebSocketFrame;
import io.netty.handler.codec.http.websocketx.CloseWebSocketFrame;
import io.netty.handler.codec.http.websocketx.TextWebSocketFrame;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Sends over a Netty channel: packets leave their source only as fast as the channel takes them,
 * and those that come together leave in one flush.
 *
 * <p>Thread-safe; what touches the channel is confined to its event loop.
 */
final class NettyWebSocketLink extends ChannelInboundHandlerAdapter implements WebSocketLink {
  private static final Logger LOG = LoggerFactory.getLogger(NettyWebSocketLink.class);
  private static final int CLOSE_SECONDS = 5;

  private final Channel channel;
  private final AtomicBoolean woken = new AtomicBoolean();
  private final AtomicBoolean closed = new AtomicBoolean();

  // Confined to the event loop.
  private @Nullable OutboundSource source;
  private boolean draining;

  NettyWebSocketLink(Channel channel) {
    this.channel = channel;
  }

  @Override
  public void write(EncodedPacket packet) {
    onEventLoop(
        () -> {
          writeFrames(packet);
          channel.flush();
        });
  }

  @Override
  public void start(OutboundSource from) {
    onEventLoop(
        () -> {
          source = from;
          drain();
        });
  }

  @Override
  public void wake() {
    // Everything that is sent until the event loop comes to it goes out in one go.
    if (woken.compareAndSet(false, true)) {
      submit(
          () -> {
            woken.set(false);
            drain();
          });
    }
  }

  @Override
  public void channelWritabilityChanged(ChannelHandlerContext context) throws Exception {
    if (channel.isWritable()) {
      drain();
    }
    super.channelWritabilityChanged(context);
  }

  private void drain() {
    OutboundSource from = source;
    // A flush may make the channel writable again, which comes back here: the loop goes on anyway.
    if (from == null || draining) {
      return;
    }
    draining = true;
    try {
      boolean more = true;
      while (more && channel.isWritable()) {
        more = fill(from);
        channel.flush();
      }
    } finally {
      draining = false;
    }
  }

  /** Writes until the channel is full or the source is empty; whether there may be more. */
  private boolean fill(OutboundSource from) {
    while (channel.isWritable()) {
      EncodedPacket packet = from.next();
      if (packet == null) {
        return false;
      }
      writeFrames(packet);
    }
    return true;
  }

  private void writeFrames(EncodedPacket packet) {
    ByteBuf head = Unpooled.wrappedBuffer(packet.head());
    channel.write(
        packet.isBinary() ? new BinaryWebSocketFrame(head) : new TextWebSocketFrame(head));
    for (byte[] attachment : packet.attachments()) {
      channel.write(new BinaryWebSocketFrame(Unpooled.wrappedBuffer(attachment)));
    }
  }

  @Override
  public void close(DisconnectReason reason) {
    if (!closed.compareAndSet(false, true)) {
      return;
    }
    onEventLoop(
        () -> {
          source = null;
          if (!channel.isWritable()) {
            reset();
            return;
          }
          channel.writeAndFlush(new CloseWebSocketFrame(reason.closeCode(), reason.text()));
          // The peer answers and the channel closes. Closing it right away could cost the peer
          // what it has not read yet.
          channel.eventLoop().schedule(() -> channel.close(), CLOSE_SECONDS, TimeUnit.SECONDS);
        });
  }

  /** Closes without a good-bye: the peer reads nothing, or is gone already. */
  private void reset() {
    try {
      // What the kernel holds for the peer, some megabytes perhaps, is to go now too.
      channel.config().setOption(ChannelOption.SO_LINGER, 0);
    } catch (ChannelException e) {
      LOG.trace("The channel is closed already", e);
    }
    channel.close();
  }

  private void onEventLoop(Runnable task) {
    if (channel.eventLoop().inEventLoop()) {
      task.run();
    } else {
      submit(task);
    }
  }

  private void submit(Runnable task) {
    try {
      channel.eventLoop().execute(task);
    } catch (RejectedExecutionException e) {
      LOG.debug("The event loop has ended, and with it the channel");
    }
  }
}
