// SPDX-License-Identifier: MIT

package io.agentruntime.sandbox.modal;

import com.google.protobuf.InvalidProtocolBufferException;
import com.google.protobuf.Parser;
import io.agentruntime.sandbox.modal.grpc.GrpcCall;
import io.agentruntime.sandbox.modal.grpc.GrpcException;
import io.agentruntime.sandbox.modal.grpc.GrpcRequest;
import io.agentruntime.sandbox.modal.grpc.GrpcStatus;
import io.agentruntime.sandbox.modal.grpc.GrpcTransport;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Map;
import java.util.function.Consumer;

/** Calls that are answered by one message. */
final class Unary {
  private Unary() {}

  /**
   * Makes a call, once.
   *
   * @param timeout for all of it
   * @param onTrailers gets what the server sent beside a reply
   */
  static <T> T call(
      GrpcTransport transport,
      GrpcRequest request,
      Parser<T> parser,
      Duration timeout,
      Consumer<Map<String, String>> onTrailers)
      throws GrpcException, InterruptedException {
    long deadline = System.nanoTime() + timeout.toNanos();
    try (GrpcCall call = transport.start(request)) {
      byte[] reply = call.next(timeout);
      if (reply == null) {
        throw new GrpcException(
            GrpcStatus.INTERNAL, request.method() + " succeeded without a reply", null);
      }
      byte[] more = call.next(Duration.ofNanos(deadline - System.nanoTime()));
      if (more != null) {
        throw new GrpcException(
            GrpcStatus.INTERNAL, request.method() + " was answered more than once", null);
      }
      onTrailers.accept(call.trailers());
      return parse(request.method(), reply, parser);
    }
  }

  /** Reads a message. */
  static <T> T parse(String method, byte[] message, Parser<T> parser) throws GrpcException {
    try {
      return parser.parseFrom(message);
    } catch (InvalidProtocolBufferException e) {
      throw new GrpcException(
          GrpcStatus.INTERNAL, method + " was answered by something else: " + e.getMessage(), e);
    }
  }

  /** Undoes percent encoding; a text that is not encoded stays as it is. */
  static String decoded(String text) {
    try {
      return URLDecoder.decode(text.replace("+", "%2B"), StandardCharsets.UTF_8);
    } catch (IllegalArgumentException e) {
      return text;
    }
  }
}
