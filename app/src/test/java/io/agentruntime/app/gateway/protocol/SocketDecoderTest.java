// SPDX-License-Identifier: MIT

package io.agentruntime.app.gateway.protocol;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

final class SocketDecoderTest {
  private static final JsonText JSON = new JsonText(new JsonLimits(16, 1000));

  private final SocketDecoder decoder = new SocketDecoder(JSON, 3, 100);

  @Test
  void aConnectMayCarryWhoTheClientIs() throws ProtocolException {
    assertThat(decoder.accept("0")).isEqualTo(new SocketPacket.Connect("/", Map.of()));
    assertThat(decoder.accept("0{\"token\":\"123\"}"))
        .isEqualTo(new SocketPacket.Connect("/", Map.of("token", "123")));
    assertThat(decoder.accept("0/admin,{\"a\":1}"))
        .isEqualTo(new SocketPacket.Connect("/admin", Map.of("a", 1)));
    assertThat(decoder.accept("0/admin")).isEqualTo(new SocketPacket.Connect("/admin", Map.of()));
  }

  @Test
  void theTextOfAConnectShowsNoSecret() throws ProtocolException {
    assertThat(decoder.accept("0{\"token\":\"secret\"}")).asString().doesNotContain("secret");
  }

  @Test
  void anEventHasANameAndArguments() throws ProtocolException {
    assertThat(decoder.accept("2[\"foo\",1,\"é€😀\",{\"a\":[true,null]}]"))
        .isEqualTo(
            new SocketPacket.Event(
                "/", null, "foo", List.of(1, "é€😀", Map.of("a", Arrays.asList(true, null)))));
    assertThat(decoder.accept("2/admin,13[\"foo\"]"))
        .isEqualTo(new SocketPacket.Event("/admin", 13L, "foo", List.of()));
    assertThat(decoder.accept("212[7]"))
        .isEqualTo(new SocketPacket.Event("/", 12L, "7", List.of()));
  }

  @Test
  void anAcknowledgementHasAnIdAndArguments() throws ProtocolException {
    assertThat(decoder.accept("312[]")).isEqualTo(new SocketPacket.Ack("/", 12, List.of()));
    assertThat(decoder.accept("3/admin,13[\"bar\"]"))
        .isEqualTo(new SocketPacket.Ack("/admin", 13, List.of("bar")));
  }

  @Test
  void aDisconnectNamesItsNamespaceOnly() throws ProtocolException {
    assertThat(decoder.accept("1")).isEqualTo(new SocketPacket.Disconnect("/"));
    assertThat(decoder.accept("1/admin,")).isEqualTo(new SocketPacket.Disconnect("/admin"));
  }

  @Test
  void attachmentsTakeTheirPlaces() throws ProtocolException {
    assertThat(
            decoder.accept(
                "52-14[\"baz\",{\"a\":{\"_placeholder\":true,\"num\":1}},"
                    + "[{\"_placeholder\":true,\"num\":0}]]"))
        .isNull();
    assertThat(decoder.accept(new byte[] {1, 2})).isNull();
    SocketPacket.Event event =
        (SocketPacket.Event) Objects.requireNonNull(decoder.accept(new byte[] {3}));

    assertThat(event.id()).isEqualTo(14);
    assertThat((Map<?, ?>) event.args().get(0)).extracting("a").isEqualTo(new byte[] {3});
    assertThat((List<?>) event.args().get(1)).first().isEqualTo(new byte[] {1, 2});
  }

  @Test
  void aBinaryAcknowledgementIsOneToo() throws ProtocolException {
    assertThat(decoder.accept("61-15[\"bar\",{\"_placeholder\":true,\"num\":0}]")).isNull();
    SocketPacket.Ack ack =
        (SocketPacket.Ack) Objects.requireNonNull(decoder.accept(new byte[] {9}));

    assertThat(ack.id()).isEqualTo(15);
    assertThat(ack.args().get(1)).isEqualTo(new byte[] {9});
  }

  @Test
  void aDecoderGoesOnAfterAttachments() throws ProtocolException {
    assertThat(decoder.accept("51-[\"a\",{\"_placeholder\":true,\"num\":0}]")).isNull();
    assertThat(decoder.accept(new byte[100])).isNotNull();
    assertThat(decoder.accept("51-[\"a\",{\"_placeholder\":true,\"num\":0}]")).isNull();
    assertThat(decoder.accept(new byte[100])).isNotNull();
    assertThat(decoder.accept("2[\"b\"]")).isNotNull();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "abc",
        "7",
        "2",
        "2{}",
        "2[]",
        "2[null]",
        "2[\"connect\"]",
        "2[\"disconnect\"]",
        "2[{}]",
        "2abc[\"a\"]",
        "2[\"a\"",
        "2[\"a\"]]",
        "2[\"a\"] x",
        "21234567890123456[\"a\"]",
        "3[]",
        "312",
        "312{}",
        "0[]",
        "0\"x\"",
        "1{}",
        "5[\"a\"]",
        "5-[\"a\"]",
        "5x-[\"a\"]",
        "599999-[\"a\"]",
        "54-[\"a\"]",
        "50-[\"a\",{\"_placeholder\":true,\"num\":0}]",
        "2[[[[[[[[[[[[[[[[[1]]]]]]]]]]]]]]]]]"
      })
  void whatIsNotAPacketIsRefused(String wrong) {
    assertThatThrownBy(() -> decoder.accept(wrong)).isInstanceOf(ProtocolException.class);
  }

  @ParameterizedTest
  @ValueSource(strings = {"1", "-1", "\"0\"", "null", "0.5", "99999999999"})
  void aPlaceholderOfNoAttachmentIsRefused(String number) throws ProtocolException {
    assertThat(decoder.accept("51-[\"a\",{\"_placeholder\":true,\"num\":" + number + "}]"))
        .isNull();
    assertThatThrownBy(() -> decoder.accept(new byte[1])).isInstanceOf(ProtocolException.class);
  }

  @Test
  void bytesWithoutAnAnnouncementAreRefused() {
    assertThatThrownBy(() -> decoder.accept(new byte[1])).isInstanceOf(ProtocolException.class);
  }

  @Test
  void textInThePlaceOfBytesIsRefused() throws ProtocolException {
    assertThat(decoder.accept("51-[\"a\",{\"_placeholder\":true,\"num\":0}]")).isNull();
    assertThatThrownBy(() -> decoder.accept("2[\"a\"]")).isInstanceOf(ProtocolException.class);
  }

  @Test
  void attachmentsBeyondTheLimitAreRefused() throws ProtocolException {
    assertThat(decoder.accept("52-[\"a\",{\"_placeholder\":true,\"num\":0}]")).isNull();
    assertThat(decoder.accept(new byte[60])).isNull();
    assertThatThrownBy(() -> decoder.accept(new byte[60])).isInstanceOf(ProtocolException.class);
  }

  @Test
  void moreValuesThanAllowedAreRefused() {
    String many = "2[\"a\"" + ",1".repeat(1001) + "]";
    assertThatThrownBy(() -> decoder.accept(many)).isInstanceOf(ProtocolException.class);
  }
}
