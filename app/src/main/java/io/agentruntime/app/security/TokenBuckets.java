// SPDX-License-Identifier: MIT

package io.agentruntime.app.security;

import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.LongSupplier;

/**
 * Token buckets, one per client. Thread-safe.
 *
 * <p>Bounded: when there are too many clients, the one that has asked least recently is forgotten,
 * which can only be in its favour.
 */
final class TokenBuckets {
  private static final double NANOS = 1e9;

  private final double perSecond;
  private final double burst;
  private final LongSupplier nanoTime;
  private final ReentrantLock lock = new ReentrantLock();
  private final Map<String, Bucket> buckets;

  /**
   * Buckets that fill at a rate.
   *
   * @param perSecond how many tokens come back per second; 0 for no limit
   * @param burst how many a full bucket holds
   * @param maxClients how many clients are remembered
   * @param nanoTime a monotonic clock
   */
  TokenBuckets(double perSecond, int burst, int maxClients, LongSupplier nanoTime) {
    this.perSecond = perSecond;
    this.burst = burst;
    this.nanoTime = nanoTime;
    this.buckets =
        new LinkedHashMap<>(16, 0.75f, true) {
          @Override
          protected boolean removeEldestEntry(Map.Entry<String, Bucket> eldest) {
            return size() > maxClients;
          }
        };
  }

  /** Takes a token; returns how long to wait for one when there is none, else zero. */
  Duration take(String client) {
    return with(client, true);
  }

  /** How long to wait for a token, zero when there is one. */
  Duration peek(String client) {
    return with(client, false);
  }

  private Duration with(String client, boolean take) {
    if (perSecond <= 0) {
      return Duration.ZERO;
    }
    lock.lock();
    try {
      long now = nanoTime.getAsLong();
      Bucket bucket = buckets.computeIfAbsent(client, ignored -> new Bucket(burst, now));
      bucket.tokens = Math.min(burst, bucket.tokens + (now - bucket.at) / NANOS * perSecond);
      bucket.at = now;
      if (bucket.tokens >= 1) {
        bucket.tokens -= take ? 1 : 0;
        return Duration.ZERO;
      }
      return Duration.ofNanos((long) Math.ceil((1 - bucket.tokens) / perSecond * NANOS));
    } finally {
      lock.unlock();
    }
  }

  private static final class Bucket {
    double tokens;
    long at;

    Bucket(double tokens, long at) {
      this.tokens = tokens;
      this.at = at;
    }
  }
}
