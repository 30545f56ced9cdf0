// SPDX-License-Identifier: MIT

package io.agentruntime.sandbox.modal.grpc;

import java.io.IOException;
import java.io.Serial;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** A call that did not end with {@link GrpcStatus#OK}. Its message holds no header of ours. */
public final class GrpcException extends IOException {
  @Serial private static final long serialVersionUID = 1L;

  private final GrpcStatus status;
  private final transient Map<String, String> trailers;

  private GrpcException(
      GrpcStatus status, String message, Map<String, String> trailers, @Nullable Throwable cause) {
    super(message, cause);
    this.status = status;
    this.trailers = Map.copyOf(trailers);
  }

  /** A failure on this side or on the way. */
  public GrpcException(GrpcStatus status, String message, @Nullable Throwable cause) {
    this(status, status + ": " + message, Map.of(), cause);
  }

  /** A failure that the server told. */
  static GrpcException told(GrpcStatus status, String message, Map<String, String> trailers) {
    return new GrpcException(status, status + ": " + message, trailers, null);
  }

  /** The same once more, for another reader. */
  public GrpcException again() {
    return new GrpcException(status, String.valueOf(getMessage()), trailers(), this);
  }

  /** How the call ended; never OK. */
  public GrpcStatus status() {
    return status;
  }

  /** What the server sent beside the status, by lower-case name. */
  public Map<String, String> trailers() {
    return trailers == null ? Map.of() : trailers;
  }
}
