// SPDX-License-Identifier: MIT

package io.agentruntime.app.gateway.engine;

import static org.assertj.core.api.Assertions.assertThat;

import io.agentruntime.app.gateway.protocol.EncodedPacket;
import io.agentruntime.app.gateway.protocol.EnginePacketType;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import org.junit.jupiter.api.Test;

final class OutboxTest {
  private static final EncodedPacket SMALL = EncodedPacket.of(EnginePacketType.MESSAGE, "x");
  private static final EncodedPacket LARGE =
      EncodedPacket.of(EnginePacketType.MESSAGE, "x".repeat(10_000));

  @Test
  void itRefusesWhatIsBeyondItsBytes() {
    Outbox outbox = new Outbox(3 * SMALL.cost(), 100);
    for (int i = 0; i < 3; i++) {
      assertThat(outbox.offer(SMALL)).isEqualTo(Outbox.Offer.TAKEN);
    }
    assertThat(outbox.offer(SMALL)).isEqualTo(Outbox.Offer.FULL);
    assertThat(outbox.bytes()).isEqualTo(3 * SMALL.cost());

    assertThat(outbox.poll()).isSameAs(SMALL);
    assertThat(outbox.offer(SMALL)).isEqualTo(Outbox.Offer.TAKEN);
  }

  @Test
  void itRefusesWhatIsBeyondItsCount() {
    Outbox outbox = new Outbox(1_000_000, 2);
    outbox.offer(SMALL);
    outbox.offer(SMALL);
    assertThat(outbox.offer(SMALL)).isEqualTo(Outbox.Offer.FULL);
  }

  @Test
  void aPacketOfAnySizeFitsIfHalfOfItIsFree() throws Exception {
    Outbox outbox = new Outbox(4 * SMALL.cost(), 100);
    for (int i = 0; i < 3; i++) {
      outbox.offer(SMALL);
    }
    assertThat(outbox.offer(LARGE)).isEqualTo(Outbox.Offer.FULL);

    outbox.poll();
    assertThat(outbox.awaitDrained(Duration.ZERO)).isTrue();
    assertThat(outbox.offer(LARGE)).isEqualTo(Outbox.Offer.TAKEN);
    assertThat(outbox.offer(SMALL)).isEqualTo(Outbox.Offer.FULL);
  }

  @Test
  void aSealedOutboxGivesButTakesNot() {
    Outbox outbox = new Outbox(1000, 100);
    outbox.offer(SMALL);
    outbox.seal();
    assertThat(outbox.offer(SMALL)).isEqualTo(Outbox.Offer.CLOSED);
    assertThat(outbox.poll()).isSameAs(SMALL);
    assertThat(outbox.poll()).isNull();
  }

  @Test
  void aClearedOutboxHoldsNothing() {
    Outbox outbox = new Outbox(1000, 100);
    outbox.offer(SMALL);
    outbox.clear();
    assertThat(outbox.bytes()).isZero();
    assertThat(outbox.isEmpty()).isTrue();
    assertThat(outbox.offer(SMALL)).isEqualTo(Outbox.Offer.CLOSED);
  }

  @Test
  void aPayloadTakesWhatFitsButAtLeastOnePacket() {
    Outbox outbox = new Outbox(100_000, 100);
    outbox.offer(LARGE);
    outbox.offer(SMALL);
    outbox.offer(SMALL);
    assertThat(outbox.pollPayload(100)).hasSize(10_001);
    assertThat(new String(outbox.pollPayload(100), StandardCharsets.UTF_8)).isEqualTo("4x\u001e4x");
    assertThat(outbox.pollPayload(100)).isEmpty();
  }

  @Test
  void waitingForRoomEndsWhenThereIsSomeOrNoUse() throws Exception {
    Outbox outbox = new Outbox(4 * SMALL.cost(), 100);
    assertThat(outbox.awaitDrained(Duration.ZERO)).isTrue();
    for (int i = 0; i < 4; i++) {
      outbox.offer(SMALL);
    }
    assertThat(outbox.awaitDrained(Duration.ofMillis(1))).isFalse();

    Thread reader = Thread.startVirtualThread(() -> outbox.pollPayload(1000));
    assertThat(outbox.awaitDrained(Duration.ofSeconds(10))).isTrue();
    reader.join();

    for (int i = 0; i < 4; i++) {
      outbox.offer(SMALL);
    }
    Thread closer = Thread.startVirtualThread(outbox::clear);
    assertThat(outbox.awaitDrained(Duration.ofSeconds(10))).isFalse();
    closer.join();
  }
}
