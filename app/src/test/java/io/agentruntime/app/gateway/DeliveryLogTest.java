// SPDX-License-Identifier: MIT

package io.agentruntime.app.gateway;

import static org.assertj.core.api.Assertions.assertThat;

import io.agentruntime.model.session.SessionId;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

final class DeliveryLogTest {
  private static final SessionId A = new SessionId("a");
  private static final SessionId B = new SessionId("b");

  private final DeliveryLog log = new DeliveryLog();

  @BeforeEach
  void send() {
    for (long seq : new long[] {1, 2, 5}) {
      log.sent(A, seq);
    }
    log.sent(B, 10);
    log.sent(B, 11);
    log.sent(A, 6);
    log.sent(A, 8);
  }

  @Test
  void itKnowsTheLastEventOfEachSession() {
    assertThat(log.cursors()).containsEntry(A, 8L).containsEntry(B, 11L).hasSize(2);
  }

  @Test
  void whatWasSentAfterTheLastEventThatArrivedIsForgotten() {
    assertThat(log.rewind(new Offset(B, 10))).isTrue();
    assertThat(log.cursors()).containsEntry(A, 5L).containsEntry(B, 10L);
    log.sent(A, 6);
    assertThat(log.cursors()).containsEntry(A, 6L);
  }

  @Test
  void whenTheLastEventArrivedNothingIsForgotten() {
    assertThat(log.rewind(new Offset(A, 8))).isTrue();
    assertThat(log.cursors()).containsEntry(A, 8L).containsEntry(B, 11L);
  }

  @Test
  void anEventThatArrivedWithTheFirstOnesLeavesNothingOfOthers() {
    assertThat(log.rewind(new Offset(A, 2))).isTrue();
    assertThat(log.cursors()).containsEntry(A, 2L).doesNotContainKey(B);
  }

  @Test
  void anEventThatWasNeverSentChangesNothing() {
    assertThat(log.rewind(new Offset(A, 9))).isFalse();
    assertThat(log.rewind(new Offset(new SessionId("c"), 1))).isFalse();
    assertThat(log.cursors()).containsEntry(A, 8L).containsEntry(B, 11L);
  }

  @Test
  void howManyChangesOfSessionsItRemembersIsBoundedButNotWhereTheyAre() {
    for (long seq = 100; seq < 10_000; seq++) {
      log.sent(A, seq);
      log.sent(B, seq);
    }
    log.sent(new SessionId("c"), 1);

    assertThat(log.rewind(new Offset(A, 100))).isFalse();
    assertThat(log.rewind(new Offset(A, 9_999))).isTrue();
    assertThat(log.cursors()).containsEntry(A, 9_999L).containsEntry(B, 9_998L);
  }

  @Test
  void aForgottenSessionIsUnknown() {
    log.forget(A);
    assertThat(log.cursors()).containsOnlyKeys(B);
    assertThat(log.rewind(new Offset(A, 8))).isFalse();
    assertThat(log.rewind(new Offset(B, 11))).isTrue();
  }
}
