// SPDX-License-Identifier: MIT

package io.agentruntime.sandbox.modal.standin;

import io.grpc.Status;
import io.grpc.netty.shaded.io.netty.buffer.Unpooled;
import io.grpc.netty.shaded.io.netty.channel.Channel;
import io.grpc.netty.shaded.io.netty.channel.socket.nio.NioServerSocketChannel;
import io.grpc.netty.shaded.io.netty.handler.codec.http2.Http2ConnectionHandler;
import io.grpc.netty.shaded.io.netty.handler.codec.http2.Http2Error;
import io.grpc.netty.shaded.io.netty.handler.codec.http2.Http2Exception;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;

/** The connections of one server, to break them in ways no gRPC server would. Thread-safe. */
final class Connections {
  private static final int PATIENCE_SECONDS = 30;

  private final Set<Channel> open = ConcurrentHashMap.newKeySet();

  /** A listening socket that tells us of each connection. */
  NioServerSocketChannel listener() {
    return new NioServerSocketChannel() {
      @Override
      protected int doReadMessages(List<Object> accepted) throws Exception {
        int count = super.doReadMessages(accepted);
        for (Object each : accepted) {
          Channel channel = (Channel) each;
          open.add(channel);
          channel.closeFuture().addListener(closed -> open.remove(channel));
        }
        return count;
      }
    };
  }

  int count() {
    return open.size();
  }

  /** Cuts, then fails the calling stream in case that it is still there. */
  void cut(Faults.Cut how) throws InterruptedException {
    switch (how) {
      case UNAVAILABLE -> {}
      case CONNECTION -> closeAll();
      case RESET -> eachStream(false);
      case NO_STATUS -> eachStream(true);
    }
    throw Status.UNAVAILABLE.withDescription("cut").asRuntimeException();
  }

  void closeAll() throws InterruptedException {
    for (Channel channel : open) {
      channel.close().await(PATIENCE_SECONDS, TimeUnit.SECONDS);
    }
  }

  /** Ends every stream: by END_STREAM on a data frame, without trailers, or by RST_STREAM. */
  private void eachStream(boolean softly) throws InterruptedException {
    for (Channel channel : open) {
      channel
          .eventLoop()
          .submit(
              () -> {
                var handler = channel.pipeline().get(Http2ConnectionHandler.class);
                var context = channel.pipeline().context(handler);
                try {
                  handler
                      .connection()
                      .forEachActiveStream(
                          stream -> {
                            if (softly) {
                              handler
                                  .encoder()
                                  .writeData(
                                      context,
                                      stream.id(),
                                      Unpooled.EMPTY_BUFFER,
                                      0,
                                      true,
                                      context.newPromise());
                            } else {
                              handler
                                  .encoder()
                                  .writeRstStream(
                                      context,
                                      stream.id(),
                                      Http2Error.INTERNAL_ERROR.code(),
                                      context.newPromise());
                            }
                            return true;
                          });
                } catch (Http2Exception e) {
                  throw new IllegalStateException("Cannot cut streams", e);
                }
                handler.flush(context);
              })
          .await(PATIENCE_SECONDS, TimeUnit.SECONDS);
    }
  }
}
