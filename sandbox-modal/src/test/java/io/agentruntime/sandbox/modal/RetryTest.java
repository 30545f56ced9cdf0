// SPDX-License-Identifier: MIT

package io.agentruntime.sandbox.modal;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.agentruntime.sandbox.modal.grpc.GrpcException;
import io.agentruntime.sandbox.modal.grpc.GrpcStatus;
import io.agentruntime.testkit.TestClock;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.Base64;
import java.util.Deque;
import java.util.List;
import org.junit.jupiter.api.Test;

/** When calls are made again, and with which token. */
class RetryTest {
  @Test
  void pausesDoubleUpToALimit() {
    assertThat(List.of(1, 2, 3, 4, 5, 60).stream().map(Retry.CONTROL_PLANE::pause))
        .containsExactly(
            Duration.ofMillis(100),
            Duration.ofMillis(200),
            Duration.ofMillis(400),
            Duration.ofMillis(800),
            Duration.ofSeconds(1),
            Duration.ofSeconds(1));
  }

  @Test
  void onlyWhatMayBeOverSoonIsRepeated() {
    assertThat(List.of(GrpcStatus.values()))
        .filteredOn(s -> Retry.isTransient(new GrpcException(s, "", null)))
        .containsExactly(
            GrpcStatus.CANCELLED,
            GrpcStatus.UNKNOWN,
            GrpcStatus.DEADLINE_EXCEEDED,
            GrpcStatus.INTERNAL,
            GrpcStatus.UNAVAILABLE);
  }

  @Test
  void aTokenTellsItsEndOnlyIfItIsOne() {
    assertThat(new Jwt(jwt(Instant.ofEpochSecond(1234))).expiry())
        .contains(Instant.ofEpochSecond(1234));
    for (String text : List.of("", "a.b", "a.!!!.c", "a.e30.c")) {
      assertThat(new Jwt(text).expiry()).isEmpty();
    }
    assertThat(new Jwt("a.b.c").toString()).isEqualTo("Jwt[redacted]");
  }

  @Test
  void aTokenIsRenewedInTheMiddleOfItsLife() throws Exception {
    Instant start = Instant.parse("2026-01-01T00:00:00Z");
    TestClock clock = new TestClock(start);
    Deque<String> tokens =
        new ArrayDeque<>(
            List.of(jwt(start.plusSeconds(100)), jwt(start.plusSeconds(200)), "refused"));
    AuthToken token = new AuthToken(clock, tokens::removeFirst);
    String first = token.get();
    clock.advance(Duration.ofSeconds(49));
    assertThat(token.get()).isEqualTo(first);
    clock.advance(Duration.ofSeconds(1));
    String second = token.get();
    assertThat(second).isNotEqualTo(first);
    token.refused(first);
    assertThat(token.get()).isEqualTo(second);
    token.refused(second);
    assertThat(token.get()).isEqualTo("refused");
  }

  @Test
  void aTokenIsUsedOnWhenItCannotBeRenewedButNotWhenItIsRefused() throws Exception {
    Instant start = Instant.parse("2026-01-01T00:00:00Z");
    TestClock clock = new TestClock(start);
    Deque<GrpcStatus> failures = new ArrayDeque<>(List.of(GrpcStatus.OK, GrpcStatus.UNAVAILABLE));
    AuthToken token =
        new AuthToken(
            clock,
            () -> {
              GrpcStatus status = failures.isEmpty() ? GrpcStatus.UNAUTHENTICATED : failures.poll();
              if (status != GrpcStatus.OK) {
                throw new GrpcException(status, "no", null);
              }
              return jwt(start.plusSeconds(100));
            });
    String first = token.get();
    clock.advance(Duration.ofSeconds(60));
    assertThat(token.get()).isEqualTo(first);
    clock.advance(Duration.ofSeconds(10));
    assertThatThrownBy(token::get)
        .isInstanceOfSatisfying(
            GrpcException.class, e -> assertThat(e.status()).isEqualTo(GrpcStatus.UNAUTHENTICATED));
  }

  private static String jwt(Instant end) {
    String payload = "{\"sub\":\"x\",\"exp\":" + end.getEpochSecond() + "}";
    return "a."
        + Base64.getUrlEncoder()
            .withoutPadding()
            .encodeToString(payload.getBytes(StandardCharsets.UTF_8))
        + ".c";
  }
}
