// SPDX-License-Identifier: MIT

package io.agentruntime.app.gateway.engine;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;

final class RateLimitTest {
  private final AtomicLong now = new AtomicLong();
  private final RateLimit limit = new RateLimit(10, 3, now::get);

  @Test
  void aBurstPassesAndThenTheRate() {
    assertThat(taken(5)).isEqualTo(3);
    now.addAndGet(TimeUnit.MILLISECONDS.toNanos(101));
    assertThat(limit.tryTake()).isTrue();
    assertThat(limit.tryTake()).isFalse();
  }

  private int taken(int attempts) {
    int taken = 0;
    for (int i = 0; i < attempts; i++) {
      if (limit.tryTake()) {
        taken++;
      }
    }
    return taken;
  }

  @Test
  void aLongPauseSavesNoMoreThanABurst() {
    now.addAndGet(TimeUnit.HOURS.toNanos(1));
    assertThat(taken(5)).isEqualTo(3);
  }
}
