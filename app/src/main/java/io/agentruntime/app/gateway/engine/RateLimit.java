// SPDX-License-Identifier: MIT

package io.agentruntime.app.gateway.engine;

import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;

/** A token bucket. One thread at a time. */
final class RateLimit {
  private final double perNano;
  private final int burst;
  private final LongSupplier nanoTime;

  private double tokens;
  private long filledAt;

  RateLimit(int perSecond, int burst, LongSupplier nanoTime) {
    this.perNano = (double) perSecond / TimeUnit.SECONDS.toNanos(1);
    this.burst = burst;
    this.nanoTime = nanoTime;
    this.tokens = burst;
    this.filledAt = nanoTime.getAsLong();
  }

  boolean tryTake() {
    long now = nanoTime.getAsLong();
    tokens = Math.min(burst, tokens + (now - filledAt) * perNano);
    filledAt = now;
    if (tokens < 1) {
      return false;
    }
    tokens--;
    return true;
  }
}
