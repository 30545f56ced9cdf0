// SPDX-License-Identifier: MIT

package io.agentruntime.app.security;

import static org.assertj.core.api.Assertions.assertThat;

import io.agentruntime.app.error.HttpError;
import io.agentruntime.spi.Secret;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;

class AccessTest {
  private final AtomicLong now = new AtomicLong();
  private final Access access = new Access(ApiKey.of(Secret.of("right")), 3, 2, 4, now::get);

  @Test
  void theRightKeyIsGranted() {
    assertThat(decide("right")).isInstanceOf(Access.Decision.Granted.class);
  }

  @Test
  void noKeyAndAWrongKeyAreToldApart() {
    assertThat(refusal(Optional.empty(), "a").code()).isEqualTo(HttpError.AUTH_REQUIRED);
    assertThat(refusal(Optional.of("wrong"), "a").code()).isEqualTo(HttpError.INVALID_API_KEY);
  }

  @Test
  void anAddressThatGuessesIsRefusedEvenWithTheRightKeyUntilItHasWaited() {
    for (int i = 0; i < 3; i++) {
      decide("wrong");
    }
    Access.Decision.Refused refused = refusal(Optional.of("right"), "a");
    assertThat(refused.code()).isEqualTo(HttpError.RATE_LIMITED);
    assertThat(refused.retryAfter()).isEqualTo(Duration.ofSeconds(20));
    assertThat(access.decide(Optional.of("right"), "b"))
        .isInstanceOf(Access.Decision.Granted.class);

    now.addAndGet(Duration.ofSeconds(20).toNanos());
    assertThat(decide("right")).isInstanceOf(Access.Decision.Granted.class);
  }

  @Test
  void aBurstIsFollowedByTheRate() {
    for (int i = 0; i < 4; i++) {
      assertThat(decide("right")).isInstanceOf(Access.Decision.Granted.class);
    }
    assertThat(refusal(Optional.of("right"), "a").retryAfter()).isEqualTo(Duration.ofMillis(500));
    now.addAndGet(Duration.ofMillis(500).toNanos());
    assertThat(decide("right")).isInstanceOf(Access.Decision.Granted.class);
  }

  @Test
  void keysAreTakenFromEveryPlaceThatClientsUse() {
    assertThat(ApiKey.from("Bearer k", null)).contains("k");
    assertThat(ApiKey.from("bearer  k ", null)).contains("k");
    assertThat(ApiKey.from("k", null)).contains("k");
    assertThat(ApiKey.from(null, "k")).contains("k");
    assertThat(ApiKey.from("", "k")).contains("k");
    assertThat(ApiKey.from(null, null)).isEmpty();
    assertThat(ApiKey.from(null, " ")).isEmpty();
  }

  @Test
  void aKeyShowsNothingOfItself() {
    assertThat(ApiKey.of(Secret.of("right")).toString()).doesNotContain("right");
  }

  @Test
  void forgettingClientsIsInTheirFavour() {
    TokenBuckets buckets = new TokenBuckets(1, 1, 2, now::get);
    assertThat(buckets.take("a")).isZero();
    assertThat(buckets.take("a")).isPositive();
    buckets.take("b");
    buckets.take("c");
    assertThat(buckets.take("a")).isZero();
  }

  private Access.Decision decide(String key) {
    return access.decide(Optional.of(key), "a");
  }

  private Access.Decision.Refused refusal(Optional<String> key, String address) {
    return (Access.Decision.Refused) access.decide(key, address);
  }
}
