// SPDX-License-Identifier: MIT

package io.agentruntime.sandbox.modal.grpc;

/** How a call ended; the order is the protocol's numbering. */
public enum GrpcStatus {
  OK,
  CANCELLED,
  UNKNOWN,
  INVALID_ARGUMENT,
  DEADLINE_EXCEEDED,
  NOT_FOUND,
  ALREADY_EXISTS,
  PERMISSION_DENIED,
  RESOURCE_EXHAUSTED,
  FAILED_PRECONDITION,
  ABORTED,
  OUT_OF_RANGE,
  UNIMPLEMENTED,
  INTERNAL,
  UNAVAILABLE,
  DATA_LOSS,
  UNAUTHENTICATED;

  private static final GrpcStatus[] ALL = values();

  /** The status of a number on the wire; {@link #UNKNOWN} for what is none. */
  static GrpcStatus of(String number) {
    String text = number.strip();
    boolean known = text.matches("[0-9]{1,2}") && Integer.parseInt(text) < ALL.length;
    return known ? ALL[Integer.parseInt(text)] : UNKNOWN;
  }

  /** What a reply that is not gRPC's means, as the protocol has it. */
  static GrpcStatus ofHttp(int status) {
    return switch (status) {
      case 400 -> INTERNAL;
      case 401 -> UNAUTHENTICATED;
      case 403 -> PERMISSION_DENIED;
      case 404 -> UNIMPLEMENTED;
      case 429, 502, 503, 504 -> UNAVAILABLE;
      default -> UNKNOWN;
    };
  }

  /** What the reset of a stream by the server means, as the protocol has it. */
  static GrpcStatus ofReset(long errorCode) {
    return switch ((int) errorCode) {
      case 7 -> UNAVAILABLE; // refused before it was processed
      case 8 -> CANCELLED;
      case 11 -> RESOURCE_EXHAUSTED;
      case 12 -> PERMISSION_DENIED;
      default -> INTERNAL;
    };
  }
}
