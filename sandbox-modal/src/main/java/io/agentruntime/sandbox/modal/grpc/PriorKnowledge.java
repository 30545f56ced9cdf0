// SPDX-License-Identifier: MIT

package io.agentruntime.sandbox.modal.grpc;

import io.netty.buffer.ByteBuf;
import io.netty.channel.ChannelDuplexHandler;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelPromise;
import io.netty.util.ReferenceCountUtil;
import java.nio.charset.StandardCharsets;

/**
 * Speaks HTTP/2 without TLS from the first byte, as gRPC servers want it, where the HTTP client
 * would ask in HTTP/1.1 first: that question is kept back and answered here. Of its stream, number
 * 1, the server never hears, so that its reset is kept back, too. Confined to the event loop.
 */
final class PriorKnowledge extends ChannelDuplexHandler {
  private static final byte[] YES =
      "HTTP/1.1 101 Switching Protocols\r\nconnection: upgrade\r\nupgrade: h2c\r\n\r\n"
          .getBytes(StandardCharsets.US_ASCII);

  /** A frame of 4 bytes, the reset of stream 1; what follows is the reason. */
  private static final byte[] RESET_OF_STREAM_1 = {0, 0, 4, 3, 0, 0, 0, 0, 1};

  private boolean asked;
  private boolean switched;
  private boolean resetSeen;

  @Override
  public void write(ChannelHandlerContext context, Object message, ChannelPromise promise) {
    boolean reset = switched && !resetSeen && message instanceof ByteBuf bytes && isReset(bytes);
    resetSeen |= reset;
    if (switched && !reset) {
      context.write(message, promise);
      return;
    }
    asked = true;
    ReferenceCountUtil.release(message);
    promise.setSuccess();
  }

  @Override
  public void flush(ChannelHandlerContext context) {
    context.flush();
    if (asked && !switched) {
      switched = true;
      context
          .executor()
          .execute(
              () -> {
                context.fireChannelRead(context.alloc().buffer(YES.length).writeBytes(YES));
                context.fireChannelReadComplete();
              });
    }
  }

  private static boolean isReset(ByteBuf bytes) {
    if (bytes.readableBytes() != RESET_OF_STREAM_1.length + 4) {
      return false;
    }
    for (int i = 0; i < RESET_OF_STREAM_1.length; i++) {
      if (bytes.getByte(bytes.readerIndex() + i) != RESET_OF_STREAM_1[i]) {
        return false;
      }
    }
    return true;
  }
}
