// SPDX-License-Identifier: MIT

package io.agentruntime.sandbox.modal.grpc;

import io.netty.handler.codec.http2.Http2Error;
import io.netty.handler.codec.http2.Http2Exception;
import java.net.ConnectException;
import java.net.UnknownHostException;
import javax.net.ssl.SSLException;

/** What failures of the HTTP client mean to a call. */
final class Failures {
  private Failures() {}

  /** Everything that may be over soon is UNAVAILABLE, which callers repeat. */
  static GrpcException of(String what, Throwable failure) {
    for (Throwable cause = failure; cause != null; cause = cause.getCause()) {
      switch (cause) {
        case UnknownHostException _ -> {
          return unavailable(what + ": no such host", failure);
        }
        case ConnectException _ -> {
          return unavailable(what + ": cannot connect", failure);
        }
        case SSLException _ -> {
          return unavailable(what + ": no secure connection (" + cause.getMessage() + ")", failure);
        }
        case Http2Exception refused when refused.error() == Http2Error.REFUSED_STREAM -> {
          return unavailable(what + ": too many calls at once", failure);
        }
        default -> {}
      }
    }
    return unavailable(what + ": " + failure.getMessage(), failure);
  }

  private static GrpcException unavailable(String message, Throwable failure) {
    return new GrpcException(GrpcStatus.UNAVAILABLE, message, failure);
  }
}
