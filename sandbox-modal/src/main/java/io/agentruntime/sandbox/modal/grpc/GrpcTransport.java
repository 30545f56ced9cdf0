// SPDX-License-Identifier: MIT

package io.agentruntime.sandbox.modal.grpc;

/** The way to gRPC servers. Thread-safe. */
public interface GrpcTransport extends AutoCloseable {
  /** Starts a call; returns at once. Every failure shows when the reply is read. */
  GrpcCall start(GrpcRequest request);

  /** Ends all calls and connections. Idempotent. */
  @Override
  void close();
}
