// SPDX-License-Identifier: MIT

package io.agentruntime.sandbox.modal.grpc;

import java.net.URI;
import java.time.Duration;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * A call with one message.
 *
 * @param server scheme, host and port; {@code http} is HTTP/2 without TLS
 * @param method such as {@code /package.Service/Method}
 * @param headers by lower-case name; may hold secrets
 * @param message encoded
 * @param timeout told to the server, which gives up then; null for none. The caller keeps its own
 */
public record GrpcRequest(
    URI server,
    String method,
    Map<String, String> headers,
    byte[] message,
    @Nullable Duration timeout) {
  /** Copies the headers. */
  public GrpcRequest {
    headers = Map.copyOf(headers);
  }

  @Override
  public String toString() {
    return "GrpcRequest[" + server.getHost() + method + "]";
  }
}
