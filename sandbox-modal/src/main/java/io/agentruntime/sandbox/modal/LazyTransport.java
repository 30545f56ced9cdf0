// SPDX-License-Identifier: MIT

package io.agentruntime.sandbox.modal;

import io.agentruntime.error.AgentRuntimeException;
import io.agentruntime.error.StandardError;
import io.agentruntime.sandbox.modal.grpc.GrpcCall;
import io.agentruntime.sandbox.modal.grpc.GrpcRequest;
import io.agentruntime.sandbox.modal.grpc.GrpcTransport;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** A transport that costs nothing until the first call: most servers use other sandboxes. */
final class LazyTransport implements GrpcTransport {
  private final Supplier<GrpcTransport> open;
  private @Nullable GrpcTransport transport;
  private boolean closed;

  LazyTransport(Supplier<GrpcTransport> open) {
    this.open = open;
  }

  @Override
  public GrpcCall start(GrpcRequest request) {
    return transport().start(request);
  }

  @Override
  public synchronized void close() {
    closed = true;
    if (transport != null) {
      transport.close();
      transport = null;
    }
  }

  private synchronized GrpcTransport transport() {
    if (closed) {
      throw new AgentRuntimeException(StandardError.CLOSED, "the Modal provider was closed");
    }
    if (transport == null) {
      transport = open.get();
    }
    return transport;
  }
}
