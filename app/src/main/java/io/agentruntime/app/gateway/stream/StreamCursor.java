// SPDX-License-Identifier: MIT

package io.agentruntime.app.gateway.stream;

import io.agentruntime.error.AgentRuntimeException;
import io.micronaut.http.HttpRequest;
import org.jspecify.annotations.Nullable;

/** Where a client says that it is in a log. Stateless. */
public final class StreamCursor {
  private static final String HEADER = "Last-Event-ID";
  private static final String PARAMETER = "after";
  private static final int LONGEST_NUMBER = 18;

  private StreamCursor() {}

  /**
   * The last event that the client has, 0 if it does not say. What it got since it first asked, in
   * {@code Last-Event-ID}, counts before what stands in the URL: browsers repeat the URL as it was.
   *
   * @throws AgentRuntimeException {@code INVALID_ARGUMENT}
   */
  public static long of(HttpRequest<?> request) {
    String header = request.getHeaders().get(HEADER);
    if (header != null && !header.isBlank()) {
      return read(HEADER, header.strip());
    }
    String parameter = request.getParameters().get(PARAMETER);
    return parameter == null ? 0 : read(PARAMETER, parameter);
  }

  private static long read(String field, @Nullable String text) {
    if (text == null
        || text.isEmpty()
        || text.length() > LONGEST_NUMBER
        || !text.chars().allMatch(c -> c >= '0' && c <= '9')) {
      throw AgentRuntimeException.invalid(field, "a whole number from 0");
    }
    return Long.parseLong(text);
  }
}
