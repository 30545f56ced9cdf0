// SPDX-License-Identifier: MIT

package io.agentruntime.app.gateway.protocol;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;

final class EngineCodecTest {
  @Test
  void aPacketIsItsTypeAndItsData() throws ProtocolException {
    assertThat(EngineCodec.decode("4hé€😀"))
        .isEqualTo(new EnginePacket.Text(EnginePacketType.MESSAGE, "hé€😀"));
    assertThat(EngineCodec.decode("2")).isEqualTo(new EnginePacket.Text(EnginePacketType.PING, ""));
  }

  @Test
  void whatHasNoKnownTypeIsRefused() {
    for (String wrong : List.of("", "7", "x", "abc", "-", "\u0660")) {
      assertThatThrownBy(() -> EngineCodec.decode(wrong)).isInstanceOf(ProtocolException.class);
    }
  }

  @Test
  void aPayloadHoldsTextAndBinaryPackets() throws ProtocolException {
    List<EnginePacket> packets = EngineCodec.decodePayload("4hello\u001ebAQIDBA==\u001e2", 10);

    assertThat(packets).hasSize(3);
    assertThat(packets.get(0)).isEqualTo(new EnginePacket.Text(EnginePacketType.MESSAGE, "hello"));
    assertThat(((EnginePacket.Binary) packets.get(1)).data()).containsExactly(1, 2, 3, 4);
    assertThat(packets.get(2)).isEqualTo(new EnginePacket.Text(EnginePacketType.PING, ""));
  }

  @Test
  void aPayloadWithAnEmptyPartIsRefused() {
    for (String wrong : List.of("", "4a\u001e", "\u001e4a", "4a\u001e\u001e4b")) {
      assertThatThrownBy(() -> EngineCodec.decodePayload(wrong, 10))
          .isInstanceOf(ProtocolException.class);
    }
  }

  @Test
  void aPayloadOfMorePacketsThanAllowedIsRefused() throws ProtocolException {
    assertThat(EngineCodec.decodePayload("2\u001e2\u001e2", 3)).hasSize(3);
    assertThatThrownBy(() -> EngineCodec.decodePayload("2\u001e2\u001e2\u001e2", 3))
        .isInstanceOf(ProtocolException.class);
  }

  @Test
  void bytesThatAreNotUtf8AreRefused() throws ProtocolException {
    byte[] text = "4é€😀".getBytes(StandardCharsets.UTF_8);
    assertThat(EngineCodec.text(ByteBuffer.wrap(text))).isEqualTo("4é€😀");
    assertThatThrownBy(
            () -> EngineCodec.text(ByteBuffer.wrap(Arrays.copyOf(text, text.length - 1))))
        .isInstanceOf(ProtocolException.class);
  }

  @Test
  void theHandshakeIsTheOneOfTheReference() {
    EncodedPacket open =
        new EngineHandshake("abc", true, Duration.ofSeconds(25), Duration.ofSeconds(20), 1_000_000)
            .encode();
    assertThat(new String(open.head(), StandardCharsets.UTF_8))
        .isEqualTo(
            "0{\"sid\":\"abc\",\"upgrades\":[\"websocket\"],\"pingInterval\":25000,"
                + "\"pingTimeout\":20000,\"maxPayload\":1000000}");
  }

  @Test
  void aPollsAnswerJoinsPacketsWithSeparators() {
    ByteArrayOutputStream payload = new ByteArrayOutputStream();
    List<EncodedPacket> packets =
        List.of(
            EncodedPacket.of(EnginePacketType.MESSAGE, "é"),
            EncodedPacket.ofBinary(new byte[] {1, 2, 3, 4}),
            SocketCodec.event("x", new byte[] {5}));
    long announced = 0;
    for (EncodedPacket packet : packets) {
      packet.appendTo(payload);
      announced += packet.payloadLength();
    }

    assertThat(payload.toString(StandardCharsets.UTF_8))
        .isEqualTo(
            "4é\u001ebAQIDBA==\u001e451-[\"x\",{\"_placeholder\":true,\"num\":0}]\u001ebBQ==");
    assertThat(announced).isBetween((long) payload.size(), payload.size() + 8L);
  }
}
