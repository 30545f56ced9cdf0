// SPDX-License-Identifier: MIT

package io.agentruntime.app.gateway.socketio;

import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * A client's wish to join a namespace. Its text form shows neither headers, query nor payload,
 * since each may hold a key.
 *
 * @param namespace the namespace; the main one is {@code /}
 * @param headers of the request the connection began with, by lower-case name
 * @param query of that request
 * @param auth what the client sent to show who it is; empty if nothing
 * @param remoteAddress of the peer of the TCP connection, which may be a proxy
 */
public record ConnectRequest(
    String namespace,
    Map<String, List<String>> headers,
    Map<String, List<String>> query,
    Map<String, @Nullable Object> auth,
    String remoteAddress) {

  /** Copies or wraps. */
  public ConnectRequest {
    headers = Map.copyOf(headers);
    query = Map.copyOf(query);
    auth = Collections.unmodifiableMap(auth);
  }

  /** The first header of that lower-case name. */
  public Optional<String> header(String name) {
    return first(headers, name);
  }

  /** The first query parameter of that name. */
  public Optional<String> parameter(String name) {
    return first(query, name);
  }

  /** The text of that name in the client's payload. */
  public Optional<String> auth(String name) {
    return auth.get(name) instanceof String text ? Optional.of(text) : Optional.empty();
  }

  private static Optional<String> first(Map<String, List<String>> values, String name) {
    return Optional.ofNullable(values.get(name)).flatMap(list -> list.stream().findFirst());
  }

  @Override
  public String toString() {
    return "ConnectRequest[namespace=" + namespace + ", remoteAddress=" + remoteAddress + "]";
  }
}
