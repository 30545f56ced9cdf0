// SPDX-License-Identifier: MIT

package io.agentruntime.sandbox.modal.grpc;

import io.micronaut.http.client.netty.NettyClientCustomizer;
import io.netty.channel.Channel;
import io.netty.channel.ChannelDuplexHandler;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.ChannelPipeline;
import io.netty.channel.ChannelPromise;
import io.netty.handler.codec.http.HttpClientUpgradeHandler;
import io.netty.handler.codec.http.HttpRequest;
import io.netty.handler.codec.http.LastHttpContent;
import io.netty.handler.codec.http2.Http2MultiplexHandler;
import io.netty.handler.codec.http2.Http2ResetFrame;
import io.netty.handler.codec.http2.Http2SettingsFrame;
import io.netty.handler.codec.http2.Http2StreamFrameToHttpObjectCodec;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;

/**
 * Gives calls what the HTTP client keeps from its callers: trailers, the reset of a stream, and the
 * stream itself, the closing of which is the only way to cancel a call. Thread-safe.
 *
 * <p>A request carries the number of its call in a header, which is taken off before it is sent.
 */
final class StreamTap implements NettyClientCustomizer {
  static final String CALL = "x-agent-runtime-call";

  private final AtomicLong number = new AtomicLong();
  private final Map<String, Exchange> waiting = new ConcurrentHashMap<>();

  /** Expects the request of a call; returns the number it must carry. */
  String expect(Exchange exchange) {
    String key = Long.toString(number.incrementAndGet());
    waiting.put(key, exchange);
    return key;
  }

  /** No longer expects a request. */
  void forget(String key) {
    waiting.remove(key);
  }

  @Override
  public NettyClientCustomizer specializeForChannel(Channel channel, ChannelRole role) {
    return switch (role) {
      case HTTP2_STREAM -> new OfStream(channel.pipeline());
      case CONNECTION -> new OfConnection(channel.pipeline());
    };
  }

  private final class OfConnection implements NettyClientCustomizer {
    private final ChannelPipeline pipeline;

    OfConnection(ChannelPipeline pipeline) {
      this.pipeline = pipeline;
    }

    @Override
    public NettyClientCustomizer specializeForChannel(Channel channel, ChannelRole role) {
      return StreamTap.this.specializeForChannel(channel, role);
    }

    @Override
    public void onInitialPipelineBuilt() {
      if (pipeline.get(HttpClientUpgradeHandler.class) != null) {
        pipeline.addFirst("agent-runtime-prior-knowledge", new PriorKnowledge());
      }
    }

    /** The first settings have come: later ones are the codec's business alone. */
    @Override
    public void onStreamPipelineBuilt() {
      ChannelHandlerContext multiplexer = pipeline.context(Http2MultiplexHandler.class);
      if (multiplexer != null) {
        pipeline.addAfter(multiplexer.name(), "agent-runtime-settings", new LaterSettings());
      }
    }
  }

  /** Keeps back what the HTTP client would warn of each time: servers may change their minds. */
  private static final class LaterSettings extends ChannelInboundHandlerAdapter {
    @Override
    public void channelRead(ChannelHandlerContext context, Object message) throws Exception {
      if (!(message instanceof Http2SettingsFrame)) {
        super.channelRead(context, message);
      }
    }
  }

  private final class OfStream implements NettyClientCustomizer {
    private final ChannelPipeline pipeline;

    OfStream(ChannelPipeline pipeline) {
      this.pipeline = pipeline;
    }

    @Override
    public void onRequestPipelineBuilt() {
      ChannelHandlerContext codec = pipeline.context(Http2StreamFrameToHttpObjectCodec.class);
      pipeline.addAfter(codec.name(), "agent-runtime-tap", new Handler());
    }
  }

  private final class Handler extends ChannelDuplexHandler {
    private @Nullable Exchange exchange;
    private boolean flushing;

    @Override
    public void write(ChannelHandlerContext context, Object message, ChannelPromise promise)
        throws Exception {
      if (message instanceof HttpRequest request) {
        String key = request.headers().get(CALL);
        request.headers().remove(CALL);
        exchange = key == null ? null : waiting.remove(key);
        if (exchange != null) {
          exchange.onStream(context.channel());
        }
      }
      super.write(context, message, promise);
    }

    @Override
    public void channelRead(ChannelHandlerContext context, Object message) throws Exception {
      Exchange mine = exchange;
      if (mine != null && message instanceof LastHttpContent last) {
        last.trailingHeaders()
            .forEach(trailer -> mine.onTrailer(trailer.getKey(), trailer.getValue()));
      }
      super.channelRead(context, message);
    }

    /**
     * Reading may note that the server may send more, and leave it to others to send that note: if
     * nobody has to, the server waits until the next ping. When it was sent, this does nothing.
     */
    @Override
    public void read(ChannelHandlerContext context) throws Exception {
      super.read(context);
      if (!flushing) {
        flushing = true;
        context
            .executor()
            .execute(
                () -> {
                  flushing = false;
                  context.flush();
                });
      }
    }

    /** The same at the end, which gives back to the connection what was not read. */
    @Override
    public void channelInactive(ChannelHandlerContext context) throws Exception {
      super.channelInactive(context);
      Channel connection = context.channel().parent();
      connection.eventLoop().execute(connection::flush);
    }

    @Override
    public void userEventTriggered(ChannelHandlerContext context, Object event) throws Exception {
      if (exchange != null && event instanceof Http2ResetFrame frame) {
        exchange.onReset(frame.errorCode());
      }
      super.userEventTriggered(context, event);
    }
  }
}
