// SPDX-License-Identifier: MIT

package io.agentruntime.sandbox.modal;

import io.agentruntime.sandbox.modal.grpc.GrpcException;
import io.agentruntime.sandbox.modal.grpc.GrpcStatus;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import org.jspecify.annotations.Nullable;

/**
 * The short-lived token that calls to the control plane carry: fetched when it is first needed,
 * renewed when half of its life is over. Thread-safe.
 */
final class AuthToken {
  private static final Duration UNKNOWN_LIFE = Duration.ofMinutes(20);
  private static final Duration AFTER_FAILURE = Duration.ofSeconds(5);

  private final InstantSource clock;
  private final Shared<String> fetched;
  private volatile @Nullable Held held;

  /**
   * A token and when to get another one.
   *
   * @param text secret
   */
  private record Held(String text, Instant renewal, Instant end) {}

  AuthToken(InstantSource clock, Shared.Fetch<String> fetch) {
    this.clock = clock;
    fetched = new Shared<>("modal-auth-token", fetch);
  }

  /** A token that is good for some time. */
  String get() throws GrpcException, InterruptedException {
    Held present = held;
    if (present != null && clock.instant().isBefore(present.renewal)) {
      return present.text;
    }
    try {
      return renew();
    } catch (GrpcException e) {
      boolean refused =
          e.status() == GrpcStatus.UNAUTHENTICATED || e.status() == GrpcStatus.PERMISSION_DENIED;
      Instant now = clock.instant();
      if (present == null || refused || !now.isBefore(present.end)) {
        throw e;
      }
      held = new Held(present.text, now.plus(AFTER_FAILURE), present.end);
      return present.text;
    }
  }

  /** Forgets a token that was refused. */
  void refused(String text) {
    Held present = held;
    if (present != null && present.text.equals(text)) {
      held = null;
    }
  }

  private String renew() throws GrpcException, InterruptedException {
    String text = fetched.await();
    Instant now = clock.instant();
    Instant end = new Jwt(text).expiry().orElse(now.plus(UNKNOWN_LIFE));
    held = new Held(text, now.plus(Duration.between(now, end).dividedBy(2)), end);
    return text;
  }
}
