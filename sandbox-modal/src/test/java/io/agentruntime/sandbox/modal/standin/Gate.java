// SPDX-License-Identifier: MIT

package io.agentruntime.sandbox.modal.standin;

import io.grpc.Context;
import io.grpc.Contexts;
import io.grpc.Metadata;
import io.grpc.ServerCall;
import io.grpc.ServerCallHandler;
import io.grpc.ServerInterceptor;
import io.grpc.Status;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.BiFunction;

/**
 * Sees every call of a server first: notes it, refuses the unknown and what shall fail.
 * Thread-safe.
 */
final class Gate implements ServerInterceptor {
  /** The metadata of the call that is being answered. */
  static final Context.Key<Metadata> HEADERS = Context.key("headers");

  private static final int MOST_NOTED = 100_000;

  private final BiFunction<String, Metadata, Optional<Status>> guard;
  private final Faults faults;
  private final List<StandIn.Call> noted;

  /**
   * @param guard says why a call is not let in
   */
  Gate(
      BiFunction<String, Metadata, Optional<Status>> guard,
      Faults faults,
      List<StandIn.Call> noted) {
    this.guard = guard;
    this.faults = faults;
    this.noted = noted;
  }

  static Metadata.Key<String> key(String name) {
    return Metadata.Key.of(name, Metadata.ASCII_STRING_MARSHALLER);
  }

  /** A header of the call that is being answered; empty when it has none. */
  static String header(String name) {
    Metadata headers = HEADERS.get();
    String value = headers == null ? null : headers.get(key(name));
    return value == null ? "" : value;
  }

  @Override
  public <Q, R> ServerCall.Listener<Q> interceptCall(
      ServerCall<Q, R> call, Metadata headers, ServerCallHandler<Q, R> next) {
    String name = call.getMethodDescriptor().getBareMethodName();
    note(String.valueOf(name), headers);
    Optional<Faults.Refusal> refusal = faults.refusal(String.valueOf(name));
    if (refusal.isPresent()) {
      call.close(refusal.get().status(), refusal.get().trailers());
      return new ServerCall.Listener<>() {};
    }
    Optional<Status> denied = guard.apply(String.valueOf(name), headers);
    if (denied.isPresent()) {
      call.close(denied.get(), new Metadata());
      return new ServerCall.Listener<>() {};
    }
    return Contexts.interceptCall(
        Context.current().withValue(HEADERS, headers), call, headers, next);
  }

  private void note(String name, Metadata headers) {
    List<StandIn.Header> all = new ArrayList<>();
    for (String key : headers.keys()) {
      if (!key.endsWith(Metadata.BINARY_HEADER_SUFFIX)) {
        all.add(new StandIn.Header(key, String.valueOf(headers.get(key(key)))));
      }
    }
    synchronized (noted) {
      if (noted.size() < MOST_NOTED) {
        noted.add(new StandIn.Call(name, all));
      }
    }
  }
}
