// SPDX-License-Identifier: MIT

package io.agentruntime.app.security;

import io.agentruntime.app.error.HttpError;
import java.time.Duration;
import java.util.Optional;
import java.util.function.LongSupplier;

/**
 * Decides who may ask. Thread-safe.
 *
 * <p>An address that keeps sending wrong keys is refused for a while before its key is looked at,
 * so that a short key cannot be found by trying.
 */
public final class Access {
  private static final int MAX_CLIENTS = 10_000;
  private static final double SECONDS_PER_MINUTE = 60;

  /** What was decided. */
  public sealed interface Decision {
    /** Let it pass. */
    record Granted() implements Decision {}

    /**
     * Refuse it.
     *
     * @param code why
     * @param text for people
     * @param retryAfter how long this will hold, zero when waiting does not help
     */
    record Refused(HttpError code, String text, Duration retryAfter) implements Decision {}
  }

  private static final Decision GRANTED = new Decision.Granted();

  private final ApiKey key;
  private final TokenBuckets wrongKeys;
  private final TokenBuckets requests;

  /**
   * Grants access to who has the key.
   *
   * @param key the key
   * @param failedPerMinute wrong keys of one address
   * @param requestsPerSecond of one address, 0 for any number
   * @param requestBurst at once
   * @param nanoTime a monotonic clock
   */
  public Access(
      ApiKey key,
      int failedPerMinute,
      int requestsPerSecond,
      int requestBurst,
      LongSupplier nanoTime) {
    this.key = key;
    this.wrongKeys =
        new TokenBuckets(
            failedPerMinute / SECONDS_PER_MINUTE, failedPerMinute, MAX_CLIENTS, nanoTime);
    this.requests = new TokenBuckets(requestsPerSecond, requestBurst, MAX_CLIENTS, nanoTime);
  }

  /**
   * Decides about one request or one socket.
   *
   * @param sent the key that came with it
   * @param address where it came from
   */
  public Decision decide(Optional<String> sent, String address) {
    if (sent.isEmpty()) {
      return new Decision.Refused(
          HttpError.AUTH_REQUIRED, "Missing Authorization header", Duration.ZERO);
    }
    Duration blocked = wrongKeys.peek(address);
    if (!blocked.isZero()) {
      return new Decision.Refused(
          HttpError.RATE_LIMITED, "Too many wrong API keys from this address", blocked);
    }
    if (!key.matches(sent.get())) {
      wrongKeys.take(address);
      return new Decision.Refused(HttpError.INVALID_API_KEY, "Invalid API key", Duration.ZERO);
    }
    Duration wait = requests.take(address);
    return wait.isZero()
        ? GRANTED
        : new Decision.Refused(HttpError.RATE_LIMITED, "Too many requests", wait);
  }

  /** A short name of the key that tells nothing about it. */
  public String keyFingerprint() {
    return key.fingerprint();
  }
}
