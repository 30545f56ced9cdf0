// SPDX-License-Identifier: MIT

package io.agentruntime.app.gateway.protocol;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import org.jspecify.annotations.Nullable;

/** Laws of the codecs, for any input. */
final class ProtocolLawsTest {
  private static final JsonText JSON = new JsonText(new JsonLimits(32, 10_000));

  @Property
  void whateverAClientSendsIsAPacketOrAProtocolError(@ForAll("messages") String message) {
    SocketDecoder decoder = new SocketDecoder(JSON, 4, 1000);
    try {
      decoder.accept(message);
    } catch (ProtocolException e) {
      assertThat(e).hasMessageNotContaining(message.length() > 8 ? message : "\u0000none");
    }
  }

  @Property
  void whateverBytesAClientPostsArePacketsOrAProtocolError(@ForAll byte[] body) {
    try {
      EngineCodec.decodePayload(EngineCodec.text(ByteBuffer.wrap(body)), 100);
    } catch (ProtocolException e) {
      assertThat(e.getMessage()).isNotEmpty();
    }
  }

  @Property
  void whateverTextAClientPostsIsPacketsOrAProtocolError(@ForAll("payloads") String payload) {
    try {
      assertThat(EngineCodec.decodePayload(payload, 100)).isNotEmpty();
    } catch (ProtocolException e) {
      assertThat(e.getMessage()).isNotEmpty();
    }
  }

  @Property
  void anEventComesBackAsItWasSent(
      @ForAll("names") String name,
      @ForAll("values") List<Object> args,
      @ForAll("ids") @Nullable Long id)
      throws ProtocolException {
    EncodedPacket sent = SocketCodec.event("/", id, name, args);

    SocketPacket.Event event = (SocketPacket.Event) receive(sent);

    assertThat(event.name()).isEqualTo(name);
    assertThat(event.id()).isEqualTo(id);
    assertThat(event.args()).usingRecursiveComparison().isEqualTo(args);
  }

  @Property
  void anAcknowledgementComesBackAsItWasSent(@ForAll("values") List<Object> args)
      throws ProtocolException {
    SocketPacket.Ack ack = (SocketPacket.Ack) receive(SocketCodec.ack("/n", 7, args));

    assertThat(ack.id()).isEqualTo(7);
    assertThat(ack.args()).usingRecursiveComparison().isEqualTo(args);
  }

  @Property
  void aPollsAnswerHoldsThePacketsItWasMadeOf(@ForAll("values") List<Object> args)
      throws ProtocolException {
    ByteArrayOutputStream payload = new ByteArrayOutputStream();
    List<EncodedPacket> sent = new ArrayList<>();
    for (Object arg : args) {
      sent.add(SocketCodec.event("e", arg));
    }
    sent.add(SocketCodec.event("last"));
    sent.forEach(packet -> packet.appendTo(payload));

    List<EnginePacket> received =
        EngineCodec.decodePayload(payload.toString(StandardCharsets.UTF_8), 1000);

    int frames = sent.stream().mapToInt(packet -> 1 + packet.attachments().size()).sum();
    assertThat(received).hasSize(frames);
  }

  @Property
  void aClientMayShowWhoItIsInAnyWay(@ForAll("auths") Map<String, Object> auth)
      throws ProtocolException {
    String ack = text(SocketCodec.ack("/", 1, List.of(auth)));
    String object = ack.substring(ack.indexOf('[') + 1, ack.length() - 1);

    assertThat(new SocketDecoder(JSON, 0, 0).accept("0" + object))
        .isEqualTo(new SocketPacket.Connect("/", auth));
  }

  private static SocketPacket receive(EncodedPacket sent) throws ProtocolException {
    SocketDecoder decoder = new SocketDecoder(JSON, 1000, 1_000_000);
    SocketPacket packet = decoder.accept(EngineCodec.decode(text(sent)).data());
    for (byte[] attachment : sent.attachments()) {
      assertThat(packet).isNull();
      packet = decoder.accept(attachment);
    }
    return Objects.requireNonNull(packet);
  }

  private static String text(EncodedPacket packet) {
    return new String(packet.head(), StandardCharsets.UTF_8);
  }

  @Provide
  Arbitrary<String> names() {
    return Arbitraries.strings()
        .ofMaxLength(20)
        .filter(s -> !s.matches("connect|connect_error|disconnect|disconnecting"));
  }

  @Provide
  Arbitrary<Long> ids() {
    return Arbitraries.longs().between(0, 999_999_999_999_999L).injectNull(0.3);
  }

  @Provide
  Arbitrary<List<Object>> values() {
    return value().list().ofMaxSize(4);
  }

  @Provide
  Arbitrary<Map<String, Object>> auths() {
    Arbitrary<Object> texts = Arbitraries.strings().ofMaxLength(30).asGeneric();
    return Arbitraries.maps(Arbitraries.strings().alpha().ofMaxLength(8), texts).ofMaxSize(4);
  }

  private static Arbitrary<Object> value() {
    Arbitrary<Object> leaf =
        Arbitraries.oneOf(
            Arbitraries.strings().ofMaxLength(30).asGeneric(),
            Arbitraries.integers().asGeneric(),
            Arbitraries.of(true, false).asGeneric(),
            Arbitraries.bytes().array(byte[].class).ofMaxSize(20).asGeneric());
    return Arbitraries.recursive(
        () -> leaf,
        inner ->
            Arbitraries.oneOf(
                inner.list().ofMaxSize(3).asGeneric(),
                Arbitraries.maps(Arbitraries.strings().alpha().ofMaxLength(5), inner)
                    .ofMaxSize(3)
                    .asGeneric()),
        0,
        3);
  }

  @Provide
  Arbitrary<String> messages() {
    return Arbitraries.oneOf(Arbitraries.strings().ofMaxLength(60), pieces());
  }

  @Provide
  Arbitrary<String> payloads() {
    return pieces().list().ofMaxSize(5).map(parts -> String.join("\u001e", parts));
  }

  /** Nearly packets: what garbage alone would never reach. */
  private static Arbitrary<String> pieces() {
    return Arbitraries.of(
            "0",
            "1",
            "2",
            "3",
            "4",
            "5",
            "6",
            "b",
            "-",
            "/",
            "/a",
            ",",
            "12",
            "[",
            "]",
            "{",
            "}",
            "\"a\"",
            "\"_placeholder\":true",
            "\"num\":0",
            ",",
            ":",
            "null",
            "1e999",
            "-0",
            "\\u",
            "AQ==",
            " ",
            "\u0000")
        .list()
        .ofMaxSize(12)
        .map(parts -> String.join("", parts));
  }
}
