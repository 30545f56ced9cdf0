// SPDX-License-Identifier: MIT

package io.agentruntime.scriptedmodel.http;

import java.util.Collections;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/**
 * One request, read completely.
 *
 * @param method the method as sent, for example {@code POST}
 * @param path the path without the query
 * @param headers header values by name, compared without regard to case
 * @param body the body, empty when there is none; not copied, so nobody changes it
 */
public record HttpRequest(String method, String path, Map<String, String> headers, byte[] body) {

  public HttpRequest {
    Map<String, String> sorted = new TreeMap<>(String.CASE_INSENSITIVE_ORDER);
    sorted.putAll(headers);
    headers = Collections.unmodifiableMap(sorted);
  }

  /** The value of a header. */
  public Optional<String> header(String name) {
    return Optional.ofNullable(headers.get(name));
  }

  /** The bearer token in the header {@code authorization}. */
  public Optional<String> bearerToken() {
    return header("authorization")
        .filter(value -> value.regionMatches(true, 0, "Bearer ", 0, 7))
        .map(value -> value.substring(7).strip());
  }

  /** Names neither headers nor body: both may hold secrets. */
  @Override
  public String toString() {
    return method + " " + path + " (" + body.length + " bytes)";
  }
}
