// SPDX-License-Identifier: MIT

package io.agentruntime.sandbox.modal;

import com.google.protobuf.MessageLite;
import com.google.protobuf.Parser;
import io.agentruntime.sandbox.modal.grpc.GrpcCall;
import io.agentruntime.sandbox.modal.grpc.GrpcException;
import io.agentruntime.sandbox.modal.grpc.GrpcRequest;
import io.agentruntime.sandbox.modal.grpc.GrpcStatus;
import io.agentruntime.sandbox.modal.grpc.GrpcTransport;
import io.agentruntime.sandbox.modal.wire.AuthTokenGetRequest;
import io.agentruntime.sandbox.modal.wire.AuthTokenGetResponse;
import io.agentruntime.sandbox.support.Pause;
import java.time.Duration;
import java.time.InstantSource;
import java.util.HashMap;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Modal's control plane: apps, images, the life of sandboxes. Thread-safe. */
final class ControlPlane {
  private static final Logger log = LoggerFactory.getLogger(ControlPlane.class);
  private static final String SERVICE = "/modal.client.ModalClient/";
  private static final Duration TOKEN_TIMEOUT = Duration.ofSeconds(5);
  private static final int MAX_WARNINGS = 100;

  private final ModalSettings settings;
  private final GrpcTransport transport;
  private final AuthToken token;
  private final Set<String> warnings = ConcurrentHashMap.newKeySet();

  ControlPlane(ModalSettings settings, GrpcTransport transport, InstantSource clock) {
    this.settings = settings;
    this.transport = transport;
    this.token = new AuthToken(clock, this::fetchToken);
  }

  ModalSettings settings() {
    return settings;
  }

  GrpcTransport transport() {
    return transport;
  }

  /** Makes a call, several times if need be. */
  <T> T call(String rpc, MessageLite request, Parser<T> parser)
      throws GrpcException, InterruptedException {
    return call(rpc, request, parser, settings.requestTimeout());
  }

  /**
   * The same.
   *
   * @param timeout for each attempt
   */
  <T> T call(String rpc, MessageLite request, Parser<T> parser, Duration timeout)
      throws GrpcException, InterruptedException {
    Attempts attempts = new Attempts(settings.throttleWait());
    while (true) {
      String auth = token.get();
      try {
        Map<String, String> headers = attempts.headers(settings);
        headers.put("x-modal-auth-token", auth);
        return once(rpc, request, parser, timeout, headers);
      } catch (GrpcException e) {
        if (e.status() == GrpcStatus.UNAUTHENTICATED) {
          token.refused(auth);
        }
        attempts.pauseOrGiveUp(rpc, e);
      }
    }
  }

  /** Starts a call whose reply is a stream. The caller closes it. */
  GrpcCall stream(String rpc, MessageLite request) throws GrpcException, InterruptedException {
    Map<String, String> headers = identity(settings);
    headers.put("x-modal-auth-token", token.get());
    return transport.start(
        new GrpcRequest(settings.serverUrl(), SERVICE + rpc, headers, request.toByteArray(), null));
  }

  private String fetchToken() throws GrpcException, InterruptedException {
    Attempts attempts = new Attempts(settings.throttleWait());
    while (true) {
      try {
        return once(
                "AuthTokenGet",
                AuthTokenGetRequest.getDefaultInstance(),
                AuthTokenGetResponse.parser(),
                TOKEN_TIMEOUT,
                attempts.headers(settings))
            .getToken();
      } catch (GrpcException e) {
        attempts.tokenRefused = true;
        attempts.pauseOrGiveUp("AuthTokenGet", e);
      }
    }
  }

  private <T> T once(
      String rpc,
      MessageLite request,
      Parser<T> parser,
      Duration timeout,
      Map<String, String> headers)
      throws GrpcException, InterruptedException {
    GrpcRequest call =
        new GrpcRequest(
            settings.serverUrl(), SERVICE + rpc, headers, request.toByteArray(), timeout);
    return Unary.call(transport, call, parser, timeout, this::warn);
  }

  /** What the server wants to be known, once each. */
  private void warn(Map<String, String> trailers) {
    for (String warning : trailers.getOrDefault("x-modal-warning", "").split(",")) {
      if (!warning.isBlank() && warnings.size() < MAX_WARNINGS && warnings.add(warning)) {
        log.warn("Modal says: {}", Unary.decoded(warning.strip()));
      }
    }
  }

  /** Who is calling. Secret. */
  private static Map<String, String> identity(ModalSettings settings) {
    ModalSettings.Credentials credentials = settings.requireCredentials();
    Map<String, String> headers = new HashMap<>();
    // Modal tells clients apart by kind and version, and refuses what it does not know: this speaks
    // as the SDK does from whose wire it was learnt.
    headers.put("x-modal-client-type", "8");
    headers.put("x-modal-client-version", "1.0.0");
    headers.put("x-modal-libmodal-version", "modal-js/0.11.1");
    headers.put("x-modal-host", settings.serverUrl().getHost());
    headers.put("x-modal-token-id", credentials.id().reveal());
    headers.put("x-modal-token-secret", credentials.secret().reveal());
    return headers;
  }

  /** The attempts of one call, which carry one key. Confined. */
  private static final class Attempts {
    private final String key = UUID.randomUUID().toString();
    private final Duration mayWait;
    private int retries;
    private int throttled;
    private boolean tokenRefused;
    private Duration waited = Duration.ZERO;
    private Duration throttledFor = Duration.ZERO;

    Attempts(Duration mayWait) {
      this.mayWait = mayWait;
    }

    Map<String, String> headers(ModalSettings settings) {
      Map<String, String> headers = identity(settings);
      headers.put("x-idempotency-key", key);
      headers.put("x-retry-attempt", Integer.toString(retries));
      headers.put("x-throttle-retry-attempt", Integer.toString(throttled));
      if (retries > 0) {
        headers.put("x-retry-delay", seconds(waited));
      }
      if (throttled > 0) {
        headers.put("x-throttle-retry-delay", seconds(throttledFor));
      }
      return headers;
    }

    /** Waits until the call may be made again; throws when it must not. */
    void pauseOrGiveUp(String rpc, GrpcException failure)
        throws GrpcException, InterruptedException {
      Optional<Duration> asked = Retry.throttled(failure);
      if (asked.isPresent() && throttledFor.plus(asked.get()).compareTo(mayWait) <= 0) {
        throttled++;
        throttledFor = throttledFor.plus(asked.get());
        log.debug("Modal asks {} to wait for {}", rpc, asked.get());
        Pause.of(asked.get());
        return;
      }
      if (failure.status() == GrpcStatus.UNAUTHENTICATED && !tokenRefused) {
        tokenRefused = true; // it may have ended on its way
        return;
      }
      if (!Retry.isTransient(failure) || retries == Retry.CONTROL_PLANE.attempts()) {
        throw failure;
      }
      retries++;
      Duration pause = Retry.CONTROL_PLANE.pause(retries);
      waited = waited.plus(pause);
      Pause.of(pause);
    }

    private static String seconds(Duration time) {
      return String.format(Locale.ROOT, "%.3f", time.toMillis() / 1000.0);
    }
  }
}
