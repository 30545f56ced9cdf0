// SPDX-License-Identifier: MIT

package io.agentruntime.app.gateway;

import static org.assertj.core.api.Assertions.assertThat;

import io.agentruntime.app.gateway.protocol.EncodedPacket;
import io.agentruntime.model.block.BlockId;
import io.agentruntime.model.conversation.ConversationId;
import io.agentruntime.model.event.DeltaField;
import io.agentruntime.model.event.EventEnvelope;
import io.agentruntime.model.event.SessionEvent;
import io.agentruntime.model.event.SessionEvent.BlockDelta;
import io.agentruntime.model.session.SessionId;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.Test;

final class ParcelTest {
  private static WireEvents.Shown shown(long seq, SessionEvent event) {
    return new WireEvents.Shown(
        new EventEnvelope(
            EventEnvelope.SCHEMA,
            new SessionId("s"),
            seq,
            ConversationId.MAIN,
            null,
            EventEnvelope.NOT_PROTOCOL,
            Instant.EPOCH,
            event),
        EventContext.NONE);
  }

  private static WireEvents.Shown delta(long seq, String block, String text) {
    return shown(seq, new BlockDelta(new BlockId(block), DeltaField.TEXT, text));
  }

  private static String text(List<EncodedPacket> packets) {
    StringBuilder text = new StringBuilder();
    packets.forEach(p -> text.append(new String(p.head(), StandardCharsets.UTF_8)).append('\n'));
    return text.toString();
  }

  @Test
  void deltasOfABlockThatFollowEachOtherAreOnePacketWithTheLastPlace() {
    List<Parcel> parcels =
        Parcel.pack(List.of(delta(4, "b", "one "), delta(5, "b", "two "), delta(6, "b", "three")));

    assertThat(parcels).hasSize(1);
    assertThat(parcels.getFirst().first()).isEqualTo(4);
    assertThat(parcels.getFirst().last()).isEqualTo(6);
    assertThat(text(parcels.getFirst().packets(Dialect.FLAT)))
        .containsOnlyOnce("\n")
        .contains("\"delta\":\"one two three\"")
        .contains("\"s:6\"");
  }

  @Test
  void deltasOfDifferentBlocksStayApartAndInOrder() {
    List<Parcel> parcels =
        Parcel.pack(List.of(delta(1, "a", "x"), delta(2, "b", "y"), delta(3, "a", "z")));

    assertThat(parcels).extracting(parcel -> parcel.last()).containsExactly(1L, 2L, 3L);
  }

  @Test
  void anEventBetweenDeltasSeparatesThem() {
    SessionEvent other = new SessionEvent.ErrorRaised("CODE", "text", false);
    List<Parcel> parcels =
        Parcel.pack(List.of(delta(1, "a", "x"), shown(2, other), delta(3, "a", "z")));

    assertThat(parcels).hasSize(3);
  }

  @Test
  void aPacketDoesNotGrowWithoutBound() {
    String half = "x".repeat(10_000);
    List<Parcel> parcels =
        Parcel.pack(List.of(delta(1, "a", half), delta(2, "a", half), delta(3, "a", half)));

    assertThat(parcels).hasSize(3);
  }

  @Test
  void anEventIsEncodedOncePerDialectHoweverManyListen() {
    Parcel parcel = Parcel.pack(List.of(delta(1, "a", "x"))).getFirst();

    assertThat(parcel.packets(Dialect.FLAT)).isSameAs(parcel.packets(Dialect.FLAT));
    assertThat(parcel.packets(Dialect.UNIFIED)).isSameAs(parcel.packets(Dialect.UNIFIED));
    assertThat(text(parcel.packets(Dialect.FLAT))).contains("session:block:delta");
    assertThat(text(parcel.packets(Dialect.UNIFIED))).contains("session:event");
  }

  @Test
  void whoHasAPartOfAParcelGetsTheRest() {
    Parcel parcel =
        Parcel.pack(List.of(delta(7, "a", "x"), delta(8, "a", "y"), delta(9, "a", "z"))).getFirst();

    assertThat(text(parcel.packetsAfter(7, Dialect.FLAT))).contains("\"delta\":\"yz\"");
    assertThat(text(parcel.packetsAfter(8, Dialect.FLAT))).contains("\"delta\":\"z\"");
  }
}
