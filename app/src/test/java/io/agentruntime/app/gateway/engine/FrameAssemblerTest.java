// SPDX-License-Identifier: MIT

package io.agentruntime.app.gateway.engine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.agentruntime.app.gateway.protocol.EnginePacket;
import io.agentruntime.app.gateway.protocol.EnginePacketType;
import io.agentruntime.app.gateway.protocol.ProtocolException;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.handler.codec.http.websocketx.BinaryWebSocketFrame;
import io.netty.handler.codec.http.websocketx.ContinuationWebSocketFrame;
import io.netty.handler.codec.http.websocketx.TextWebSocketFrame;
import io.netty.handler.codec.http.websocketx.WebSocketFrame;
import java.nio.charset.StandardCharsets;
import java.util.Objects;
import org.junit.jupiter.api.Test;

final class FrameAssemblerTest {
  private final FrameAssembler frames = new FrameAssembler(10);

  private static ByteBuf utf8(String text) {
    return Unpooled.wrappedBuffer(text.getBytes(StandardCharsets.UTF_8));
  }

  private static WebSocketFrame text(boolean last, ByteBuf content) {
    return new TextWebSocketFrame(last, 0, content);
  }

  private static WebSocketFrame more(boolean last, ByteBuf content) {
    return new ContinuationWebSocketFrame(last, 0, content);
  }

  @Test
  void aFrameIsAPacket() throws Exception {
    assertThat(frames.accept(text(true, utf8("4é€😀"))))
        .isEqualTo(new EnginePacket.Text(EnginePacketType.MESSAGE, "é€😀"));
  }

  @Test
  void aCharacterMayBeCutByFragments() throws Exception {
    ByteBuf all = utf8("4€😀");
    assertThat(frames.accept(text(false, all.slice(0, 2)))).isNull();
    assertThat(frames.accept(more(false, all.slice(2, 4)))).isNull();
    assertThat(frames.accept(more(true, all.slice(6, 2))))
        .isEqualTo(new EnginePacket.Text(EnginePacketType.MESSAGE, "€😀"));
  }

  @Test
  void bytesMayComeInFragmentsToo() throws Exception {
    assertThat(frames.accept(new BinaryWebSocketFrame(false, 0, utf8("ab")))).isNull();
    EnginePacket packet = Objects.requireNonNull(frames.accept(more(true, utf8("c"))));
    assertThat(((EnginePacket.Binary) packet).data()).containsExactly('a', 'b', 'c');
    assertThat(frames.accept(text(true, utf8("2")))).isNotNull();
  }

  @Test
  void theLimitIsOnTheWholeMessage() throws Exception {
    assertThat(frames.accept(text(true, utf8("4" + "x".repeat(9))))).isNotNull();
    assertThatThrownBy(() -> frames.accept(text(true, utf8("4" + "x".repeat(10)))))
        .isInstanceOf(FrameAssembler.TooLongException.class);
    assertThat(frames.accept(text(false, utf8("4xxxx")))).isNull();
    assertThatThrownBy(() -> frames.accept(more(true, utf8("xxxxxx"))))
        .isInstanceOf(FrameAssembler.TooLongException.class);
  }

  @Test
  void messagesMayNotBeMixed() throws Exception {
    assertThatThrownBy(() -> frames.accept(more(true, utf8("4"))))
        .isInstanceOf(ProtocolException.class);
    assertThat(frames.accept(text(false, utf8("4")))).isNull();
    assertThatThrownBy(() -> frames.accept(text(true, utf8("4"))))
        .isInstanceOf(ProtocolException.class);
  }

  @Test
  void textThatIsNoUtf8IsRefused() {
    byte[] half = {'4', (byte) 0xC3};
    assertThatThrownBy(() -> frames.accept(text(true, Unpooled.wrappedBuffer(half))))
        .isInstanceOf(ProtocolException.class);
  }
}
