// SPDX-License-Identifier: MIT

package io.agentruntime.app.gateway;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;

final class ClientRegistryTest {
  private static final ClientTraits TRAITS = new ClientTraits("127.0.0.1", null, null);

  private final AtomicLong now = new AtomicLong();
  private final ClientRegistry registry = new ClientRegistry(Duration.ofMinutes(2), now::get);

  private GatewayClient connected(FakeSocket socket) {
    GatewayClient client = registry.create(Dialect.FLAT, TRAITS);
    registry.connected(client, socket);
    return client;
  }

  @Test
  void everyClientHasANameThatCannotBeGuessed() {
    String one = registry.create(Dialect.FLAT, TRAITS).recoveryId();
    String two = registry.create(Dialect.FLAT, TRAITS).recoveryId();

    assertThat(one).hasSize(32).isNotEqualTo(two);
    assertThat(registry.find(one)).as("it was never connected").isEmpty();
  }

  @Test
  void aClientThatLostItsConnectionIsKnownForAWhile() {
    FakeSocket socket = new FakeSocket(true);
    GatewayClient client = connected(socket);
    assertThat(registry.lost(client, socket)).isTrue();

    now.addAndGet(Duration.ofSeconds(119).toNanos());
    assertThat(registry.find(client.recoveryId())).containsSame(client);
    assertThat(registry.connected()).isEmpty();
    now.addAndGet(Duration.ofSeconds(2).toNanos());
    assertThat(registry.find(client.recoveryId())).isEmpty();
    assertThat(registry.lostCount()).isZero();
  }

  @Test
  void aClientThatSaidGoodByeIsNotRemembered() {
    FakeSocket socket = new FakeSocket(true);
    GatewayClient client = connected(socket);
    registry.gone(client, socket);

    assertThat(registry.find(client.recoveryId())).isEmpty();
    assertThat(registry.lostCount()).isZero();
  }

  @Test
  void theLateEndOfAnOldConnectionDoesNotConcernTheNewOne() {
    FakeSocket old = new FakeSocket(true);
    FakeSocket next = new FakeSocket(true);
    GatewayClient client = connected(old);
    registry.connected(client, next);

    assertThat(registry.lost(client, old)).isFalse();
    registry.gone(client, old);

    assertThat(registry.connected()).containsExactly(client);
    assertThat(client.uses(next)).isTrue();
  }

  @Test
  void ofTooManyLostClientsTheOldestIsForgotten() {
    FakeSocket socket = new FakeSocket(true);
    GatewayClient first = connected(socket);
    registry.lost(first, socket);
    for (int i = 0; i < 10_000; i++) {
      registry.lost(connected(socket), socket);
    }

    assertThat(registry.lostCount()).isEqualTo(10_000);
    assertThat(registry.find(first.recoveryId())).isEmpty();
  }
}
