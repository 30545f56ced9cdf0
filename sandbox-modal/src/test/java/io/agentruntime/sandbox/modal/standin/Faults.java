// SPDX-License-Identifier: MIT

package io.agentruntime.sandbox.modal.standin;

import com.google.protobuf.Message;
import io.agentruntime.sandbox.modal.wire.PackedMessage;
import io.agentruntime.sandbox.modal.wire.RPCRetryPolicy;
import io.agentruntime.sandbox.modal.wire.RPCStatus;
import io.grpc.Metadata;
import io.grpc.Status;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import org.jspecify.annotations.Nullable;

/**
 * What a {@link StandIn} shall do wrong, on demand. Calls are named as in Modal's API, without the
 * service. Thread-safe.
 */
public final class Faults {
  private static final Metadata.Key<byte[]> DETAILS =
      Metadata.Key.of("grpc-status-details-bin", Metadata.BINARY_BYTE_MARSHALLER);

  /** How a stream of output is cut. */
  public enum Cut {
    /** It ends with UNAVAILABLE. */
    UNAVAILABLE,
    /** Its connection breaks. */
    CONNECTION,
    /** It is reset, as are the others of its connection. */
    RESET,
    /** It ends without a status, as do the others of its connection. */
    NO_STATUS
  }

  /** A refusal, with what goes into the trailers. */
  record Refusal(Status status, Metadata trailers) {}

  private record Plan(Cut how, long afterBytes) {}

  private final Map<String, Deque<Refusal>> refusals = new HashMap<>();
  private final Map<String, Deque<Plan>> cuts = new HashMap<>();
  private @Nullable CountDownLatch build;
  private @Nullable String buildFailure;

  /** The next calls of this name fail with this status. */
  public synchronized void refuse(String call, Status status, int times) {
    for (int i = 0; i < times; i++) {
      queue(call).add(new Refusal(status, new Metadata()));
    }
  }

  /** The next calls of this name are told to come back later. */
  public synchronized void throttle(String call, double retryAfterSeconds, int times) {
    Message policy =
        RPCRetryPolicy.newBuilder().setRetryAfterSecs((float) retryAfterSeconds).build();
    RPCStatus details =
        RPCStatus.newBuilder()
            .setCode(Status.Code.RESOURCE_EXHAUSTED.value())
            .setMessage("throttled")
            .addDetails(
                PackedMessage.newBuilder()
                    .setTypeUrl("type.googleapis.com/modal.client.RPCRetryPolicy")
                    .setValue(policy.toByteString()))
            .build();
    for (int i = 0; i < times; i++) {
      Metadata trailers = new Metadata();
      trailers.put(DETAILS, details.toByteArray());
      queue(call)
          .add(new Refusal(Status.RESOURCE_EXHAUSTED.withDescription("throttled"), trailers));
    }
  }

  /** The next stream of this name is cut after exactly so many bytes of output. */
  public synchronized void cut(String call, Cut how, long afterBytes) {
    cuts.computeIfAbsent(call, c -> new ArrayDeque<>()).add(new Plan(how, afterBytes));
  }

  /** Builds begin only after {@link #releaseBuilds()}. */
  public synchronized void holdBuilds() {
    build = new CountDownLatch(1);
  }

  /** Lets builds go on. */
  public synchronized void releaseBuilds() {
    if (build != null) {
      build.countDown();
    }
    build = null;
  }

  /** The next build fails. */
  public synchronized void failNextBuild(String message) {
    buildFailure = message;
  }

  /** Forgets what of this did not happen yet. */
  public synchronized void forget() {
    refusals.clear();
    cuts.clear();
    buildFailure = null;
    releaseBuilds();
  }

  private Deque<Refusal> queue(String call) {
    return refusals.computeIfAbsent(call, c -> new ArrayDeque<>());
  }

  synchronized Optional<Refusal> refusal(String call) {
    return Optional.ofNullable(refusals.get(call)).map(Deque::poll);
  }

  /** What one stream has to go through. */
  synchronized Fate fate(String call) {
    Plan plan = Optional.ofNullable(cuts.get(call)).map(Deque::poll).orElse(null);
    return plan == null ? new Fate(null, Long.MAX_VALUE) : new Fate(plan.how(), plan.afterBytes());
  }

  /** How one stream ends, and after how many bytes. */
  record Fate(@Nullable Cut how, long afterBytes) {}

  void awaitBuild() throws InterruptedException {
    CountDownLatch wait;
    synchronized (this) {
      wait = build;
    }
    if (wait != null) {
      wait.await();
    }
  }

  synchronized Optional<String> buildFailure() {
    Optional<String> failure = Optional.ofNullable(buildFailure);
    buildFailure = null;
    return failure;
  }
}
