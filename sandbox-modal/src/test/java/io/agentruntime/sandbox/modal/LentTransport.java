// SPDX-License-Identifier: MIT

package io.agentruntime.sandbox.modal;

import io.agentruntime.sandbox.modal.grpc.GrpcCall;
import io.agentruntime.sandbox.modal.grpc.GrpcException;
import io.agentruntime.sandbox.modal.grpc.GrpcRequest;
import io.agentruntime.sandbox.modal.grpc.GrpcTransport;
import io.agentruntime.sandbox.modal.grpc.MicronautTransport;
import io.agentruntime.sandbox.modal.grpc.TransportSettings;
import java.time.Duration;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/**
 * One real transport for all providers of a test class, as making one takes longer than most tests.
 * Each provider gets a transport that ends its own calls when it is closed, and no others.
 * Thread-safe.
 */
final class LentTransport implements AutoCloseable {
  private @Nullable MicronautTransport transport;

  /** A transport for one provider; all must have the same settings. */
  synchronized GrpcTransport lend(TransportSettings settings) {
    if (transport == null) {
      transport = new MicronautTransport(settings);
    }
    return new Lent(transport);
  }

  @Override
  public synchronized void close() {
    if (transport != null) {
      transport.close();
    }
  }

  private record Lent(MicronautTransport transport, Set<GrpcCall> calls) implements GrpcTransport {
    Lent(MicronautTransport transport) {
      this(transport, ConcurrentHashMap.newKeySet());
    }

    @Override
    public GrpcCall start(GrpcRequest request) {
      GrpcCall call = transport.start(request);
      calls.add(call);
      return new Call(call, calls);
    }

    @Override
    public void close() {
      calls.forEach(GrpcCall::close);
    }
  }

  private record Call(GrpcCall call, Set<GrpcCall> calls) implements GrpcCall {
    @Override
    public byte @Nullable [] next(Duration patience) throws GrpcException, InterruptedException {
      return call.next(patience);
    }

    @Override
    public Map<String, String> trailers() {
      return call.trailers();
    }

    @Override
    public void close() {
      calls.remove(call);
      call.close();
    }
  }
}
