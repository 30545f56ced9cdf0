// SPDX-License-Identifier: MIT

package io.agentruntime.sandbox.modal;

import com.google.protobuf.InvalidProtocolBufferException;
import io.agentruntime.sandbox.modal.grpc.GrpcException;
import io.agentruntime.sandbox.modal.grpc.GrpcStatus;
import io.agentruntime.sandbox.modal.wire.PackedMessage;
import io.agentruntime.sandbox.modal.wire.RPCRetryPolicy;
import io.agentruntime.sandbox.modal.wire.RPCStatus;
import java.time.Duration;
import java.util.Base64;
import java.util.EnumSet;
import java.util.Optional;
import java.util.Set;

/**
 * When a call is repeated, as Modal's own clients do it.
 *
 * @param attempts how often at most beyond the first time
 * @param first the first pause, which doubles
 * @param longest the longest pause
 */
record Retry(int attempts, Duration first, Duration longest) {
  static final Retry CONTROL_PLANE = new Retry(3, Duration.ofMillis(100), Duration.ofSeconds(1));
  static final Retry ROUTER = new Retry(10, Duration.ofMillis(10), Duration.ofSeconds(5));

  private static final Set<GrpcStatus> TRANSIENT =
      EnumSet.of(
          GrpcStatus.DEADLINE_EXCEEDED,
          GrpcStatus.UNAVAILABLE,
          GrpcStatus.CANCELLED,
          GrpcStatus.INTERNAL,
          GrpcStatus.UNKNOWN);

  private static final String DETAILS = "grpc-status-details-bin";
  private static final Duration SHORTEST_THROTTLE = Duration.ofMillis(100);
  private static final float LONGEST_THROTTLE_SECONDS = 3600;

  /** Whether a failure may be over soon. */
  static boolean isTransient(GrpcException failure) {
    return TRANSIENT.contains(failure.status());
  }

  /** How long to wait before an attempt; the first repetition is number 1. */
  Duration pause(int attempt) {
    Duration pause = first.multipliedBy(1L << Math.min(attempt - 1, 20));
    return pause.compareTo(longest) < 0 ? pause : longest;
  }

  /** How long the server asks to wait; such a wait is no attempt. */
  static Optional<Duration> throttled(GrpcException failure) {
    String details = failure.trailers().get(DETAILS);
    if (details == null) {
      return Optional.empty();
    }
    try {
      byte[] bytes = Base64.getDecoder().decode(details.strip().replace("=", ""));
      for (PackedMessage detail : RPCStatus.parseFrom(bytes).getDetailsList()) {
        if (detail.getTypeUrl().endsWith("/modal.client.RPCRetryPolicy")) {
          float seconds = RPCRetryPolicy.parseFrom(detail.getValue()).getRetryAfterSecs();
          Duration wait =
              Duration.ofMillis((long) (Math.clamp(seconds, 0, LONGEST_THROTTLE_SECONDS) * 1000));
          return Optional.of(wait.compareTo(SHORTEST_THROTTLE) < 0 ? SHORTEST_THROTTLE : wait);
        }
      }
      return Optional.empty();
    } catch (InvalidProtocolBufferException | IllegalArgumentException e) {
      return Optional.empty(); // details of another kind, which a failure may well have
    }
  }
}
