// SPDX-License-Identifier: MIT

package io.agentruntime.app.gateway.protocol;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

final class SocketCodecTest {
  @Test
  void packetsLookLikeThoseOfTheReference() {
    assertThat(text(SocketCodec.connect("/", "x1", null))).isEqualTo("40{\"sid\":\"x1\"}");
    assertThat(text(SocketCodec.connect("/", "x1", "p1")))
        .isEqualTo("40{\"sid\":\"x1\",\"pid\":\"p1\"}");
    assertThat(text(SocketCodec.connect("/admin", "x1", null)))
        .isEqualTo("40/admin,{\"sid\":\"x1\"}");
    assertThat(text(SocketCodec.connectError("/random", "Invalid namespace", null)))
        .isEqualTo("44/random,{\"message\":\"Invalid namespace\"}");
    assertThat(text(SocketCodec.connectError("/", "No", Map.of("code", "A"))))
        .isEqualTo("44{\"message\":\"No\",\"data\":{\"code\":\"A\"}}");
    assertThat(text(SocketCodec.disconnect("/"))).isEqualTo("41");
    assertThat(text(SocketCodec.disconnect("/admin"))).isEqualTo("41/admin,");
    assertThat(text(SocketCodec.event("foo"))).isEqualTo("42[\"foo\"]");
    assertThat(text(SocketCodec.event("/admin", 13L, "foo", List.of(1))))
        .isEqualTo("42/admin,13[\"foo\",1]");
    assertThat(text(SocketCodec.ack("/", 12, List.of()))).isEqualTo("4312[]");
  }

  @Test
  void nothingIsLeftOutOfAnEvent() {
    Map<String, Object> payload = new LinkedHashMap<>();
    payload.put("empty", List.of());
    payload.put("none", null);
    payload.put("text", "");
    assertThat(text(SocketCodec.event("e", payload, null)))
        .isEqualTo("42[\"e\",{\"empty\":[],\"none\":null,\"text\":\"\"},null]");
  }

  @Test
  void textIsUtf8NotEscapes() {
    assertThat(text(SocketCodec.event("é€😀", "\u2028\n"))).isEqualTo("42[\"é€😀\",\"\u2028\\n\"]");
  }

  @Test
  void halfASurrogatePairIsEscapedSoThatTheRestArrives() {
    assertThat(text(SocketCodec.event("e", "a\uD83D", "é")))
        .isEqualTo("42[\"e\",\"a\\uD83D\",\"é\"]");
  }

  @Test
  void bytesTravelAsAttachments() {
    EncodedPacket packet =
        SocketCodec.event("/", 14L, "foo", List.of(new byte[] {1}, Map.of("a", new byte[] {2})));

    assertThat(text(packet))
        .isEqualTo(
            "452-14[\"foo\",{\"_placeholder\":true,\"num\":0},"
                + "{\"a\":{\"_placeholder\":true,\"num\":1}}]");
    assertThat(packet.attachments()).containsExactly(new byte[] {1}, new byte[] {2});
    assertThat(text(SocketCodec.ack("/", 3, List.of(new byte[] {1}))))
        .isEqualTo("461-3[{\"_placeholder\":true,\"num\":0}]");
  }

  @Test
  void recordsAreObjects() {
    record Point(int x, List<String> names) {}
    assertThat(text(SocketCodec.event("e", new Point(1, List.of()))))
        .isEqualTo("42[\"e\",{\"x\":1,\"names\":[]}]");
  }

  @Test
  void whatHasNoFormIsACallersFault() {
    assertThatThrownBy(() -> SocketCodec.event("e", new Object()))
        .isInstanceOf(IllegalArgumentException.class);
  }

  @Test
  void aPacketCostsMoreThanItsBytes() {
    EncodedPacket packet = SocketCodec.event("e", "x".repeat(1000));
    assertThat(packet.cost()).isBetween(1000, 1300);
  }

  @Test
  void everyPacketThatIsSentCouldBeReceived() throws ProtocolException {
    SocketDecoder decoder = new SocketDecoder(new JsonText(new JsonLimits(8, 100)), 0, 0);
    String event = text(SocketCodec.event("/n", 5L, "e", Arrays.asList("a", null, 1.5)));
    assertThat(decoder.accept(event.substring(1)))
        .isEqualTo(new SocketPacket.Event("/n", 5L, "e", Arrays.asList("a", null, 1.5)));
  }

  private static String text(EncodedPacket packet) {
    return new String(packet.head(), StandardCharsets.UTF_8);
  }
}
