// SPDX-License-Identifier: MIT

package io.agentruntime.app.gateway.engine;

import io.agentruntime.app.gateway.protocol.EngineCodec;
import io.agentruntime.app.gateway.protocol.EnginePacket;
import io.agentruntime.app.gateway.protocol.ProtocolException;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufUtil;
import io.netty.handler.codec.http.websocketx.BinaryWebSocketFrame;
import io.netty.handler.codec.http.websocketx.ContinuationWebSocketFrame;
import io.netty.handler.codec.http.websocketx.TextWebSocketFrame;
import io.netty.handler.codec.http.websocketx.WebSocketFrame;
import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import org.jspecify.annotations.Nullable;

/** Puts the frames of one WebSocket together to packets. One thread at a time. */
final class FrameAssembler {
  /** A message is beyond the limit. */
  static final class TooLongException extends Exception {
    private static final long serialVersionUID = 1L;

    private TooLongException() {
      super("message is too long", null, false, false);
    }
  }

  private final int maxLength;
  private @Nullable ByteArrayOutputStream fragments;
  private boolean binary;

  FrameAssembler(int maxLength) {
    this.maxLength = maxLength;
  }

  /** Takes a frame, whose content stays the caller's: the packet it completes, if any. */
  @Nullable EnginePacket accept(WebSocketFrame frame) throws ProtocolException, TooLongException {
    ByteBuf content = frame.content();
    ByteArrayOutputStream before = fragments;
    int length = content.readableBytes() + (before == null ? 0 : before.size());
    if (length > maxLength) {
      throw new TooLongException();
    }
    if (frame instanceof ContinuationWebSocketFrame != (before != null)) {
      throw new ProtocolException("frames of two messages are mixed");
    }
    if (before == null) {
      binary = frame instanceof BinaryWebSocketFrame;
      if (!binary && !(frame instanceof TextWebSocketFrame)) {
        throw new ProtocolException("frame holds neither text nor bytes");
      }
      if (frame.isFinalFragment()) {
        return binary
            ? new EnginePacket.Binary(ByteBufUtil.getBytes(content))
            : EngineCodec.decode(EngineCodec.text(content.nioBuffer()));
      }
      before = new ByteArrayOutputStream(length);
      fragments = before;
    }
    before.writeBytes(ByteBufUtil.getBytes(content));
    if (!frame.isFinalFragment()) {
      return null;
    }
    fragments = null;
    byte[] whole = before.toByteArray();
    return binary
        ? new EnginePacket.Binary(whole)
        : EngineCodec.decode(EngineCodec.text(ByteBuffer.wrap(whole)));
  }
}
