// SPDX-License-Identifier: MIT

package io.agentruntime.app.gateway.engine;

import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;

/**
 * The request with which a connection began. Its text form shows neither headers nor query, since
 * either may hold a key.
 *
 * @param headers by lower-case name
 * @param query the parameters of the URL, decoded
 * @param remoteAddress of the peer of the TCP connection, which may be a proxy
 */
public record EngineRequest(
    Map<String, List<String>> headers, Map<String, List<String>> query, String remoteAddress) {

  /** Copies. */
  public EngineRequest {
    headers = Map.copyOf(headers);
    query = Map.copyOf(query);
  }

  /** The first header of that name, in any case. */
  public Optional<String> header(String name) {
    return first(headers, name.toLowerCase(Locale.ROOT));
  }

  /** The first query parameter of that name. */
  public Optional<String> parameter(String name) {
    return first(query, name);
  }

  private static Optional<String> first(Map<String, List<String>> values, String name) {
    return Optional.ofNullable(values.get(name)).flatMap(list -> list.stream().findFirst());
  }

  @Override
  public String toString() {
    return "EngineRequest[remoteAddress=" + remoteAddress + "]";
  }
}
