// SPDX-License-Identifier: MIT

package io.agentruntime.sandbox.modal.grpc;

import io.netty.bootstrap.ServerBootstrap;
import io.netty.buffer.Unpooled;
import io.netty.channel.Channel;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.EventLoopGroup;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.nio.NioIoHandler;
import io.netty.channel.socket.nio.NioServerSocketChannel;
import io.netty.handler.codec.http2.DefaultHttp2DataFrame;
import io.netty.handler.codec.http2.DefaultHttp2Headers;
import io.netty.handler.codec.http2.DefaultHttp2HeadersFrame;
import io.netty.handler.codec.http2.DefaultHttp2ResetFrame;
import io.netty.handler.codec.http2.Http2DataFrame;
import io.netty.handler.codec.http2.Http2Error;
import io.netty.handler.codec.http2.Http2FrameCodecBuilder;
import io.netty.handler.codec.http2.Http2Headers;
import io.netty.handler.codec.http2.Http2HeadersFrame;
import io.netty.handler.codec.http2.Http2MultiplexHandler;
import io.netty.handler.codec.http2.Http2ResetFrame;
import io.netty.handler.codec.http2.Http2Settings;
import io.netty.util.ReferenceCountUtil;
import java.io.ByteArrayOutputStream;
import java.net.InetSocketAddress;
import java.net.URI;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.function.Consumer;

/** An HTTP/2 server without TLS that answers every call by a script, right or wrong. */
final class RawServer implements AutoCloseable {
  private final EventLoopGroup loops = new MultiThreadIoEventLoopGroup(NioIoHandler.newFactory());
  private final Channel channel;
  private final Consumer<Stream> script;

  /** The codes by which clients gave streams up. */
  final LinkedBlockingQueue<Long> resets = new LinkedBlockingQueue<>();

  /** Headers of requests. */
  final LinkedBlockingQueue<Http2Headers> requests = new LinkedBlockingQueue<>();

  /** Messages of requests, with their frames. */
  final LinkedBlockingQueue<byte[]> bodies = new LinkedBlockingQueue<>();

  RawServer(Consumer<Stream> script) throws InterruptedException {
    this.script = script;
    channel =
        new ServerBootstrap()
            .group(loops)
            .channel(NioServerSocketChannel.class)
            .childHandler(
                new ChannelInitializer<Channel>() {
                  @Override
                  protected void initChannel(Channel connection) {
                    connection
                        .pipeline()
                        .addLast(
                            Http2FrameCodecBuilder.forServer()
                                .initialSettings(Http2Settings.defaultSettings())
                                .build(),
                            new Http2MultiplexHandler(new Initializer()));
                  }
                })
            .bind(new InetSocketAddress("127.0.0.1", 0))
            .sync()
            .channel();
  }

  URI uri() {
    return URI.create("http://127.0.0.1:" + ((InetSocketAddress) channel.localAddress()).getPort());
  }

  @Override
  public void close() {
    channel.close();
    loops.shutdownGracefully(0, 1, java.util.concurrent.TimeUnit.SECONDS);
  }

  /** What a script may do with a stream. */
  record Stream(ChannelHandlerContext context) {
    Stream headers(String... namesAndValues) {
      return write(namesAndValues, false);
    }

    Stream trailers(String... namesAndValues) {
      return write(namesAndValues, true);
    }

    Stream begin() {
      return headers(":status", "200", "content-type", "application/grpc");
    }

    Stream data(byte... bytes) {
      context.writeAndFlush(new DefaultHttp2DataFrame(Unpooled.copiedBuffer(bytes), false));
      return this;
    }

    Stream end(byte... bytes) {
      context.writeAndFlush(new DefaultHttp2DataFrame(Unpooled.copiedBuffer(bytes), true));
      return this;
    }

    void reset(Http2Error error) {
      context.writeAndFlush(new DefaultHttp2ResetFrame(error));
    }

    void cutConnection() {
      context.flush();
      context.channel().parent().close();
    }

    private Stream write(String[] namesAndValues, boolean last) {
      Http2Headers headers = new DefaultHttp2Headers(false);
      for (int i = 0; i < namesAndValues.length; i += 2) {
        headers.add(namesAndValues[i], namesAndValues[i + 1]);
      }
      context.writeAndFlush(new DefaultHttp2HeadersFrame(headers, last));
      return this;
    }
  }

  private final class Initializer extends ChannelInitializer<Channel> {
    @Override
    protected void initChannel(Channel stream) {
      stream.pipeline().addLast(new Handler());
    }
  }

  private final class Handler extends ChannelInboundHandlerAdapter {
    private final ByteArrayOutputStream body = new ByteArrayOutputStream();

    @Override
    public void channelRead(ChannelHandlerContext context, Object frame) {
      boolean last = false;
      if (frame instanceof Http2HeadersFrame headers) {
        requests.add(headers.headers());
        last = headers.isEndStream();
      } else if (frame instanceof Http2DataFrame data) {
        byte[] bytes = new byte[data.content().readableBytes()];
        data.content().readBytes(bytes);
        body.writeBytes(bytes);
        last = data.isEndStream();
      }
      ReferenceCountUtil.release(frame);
      if (last) {
        bodies.add(body.toByteArray());
        script.accept(new Stream(context));
      }
    }

    @Override
    public void userEventTriggered(ChannelHandlerContext context, Object event) {
      if (event instanceof Http2ResetFrame reset) {
        resets.add(reset.errorCode());
      }
    }
  }
}
