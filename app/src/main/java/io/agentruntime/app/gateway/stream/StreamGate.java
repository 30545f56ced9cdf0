// SPDX-License-Identifier: MIT

package io.agentruntime.app.gateway.stream;

import io.agentruntime.app.error.ErrorReplies;
import io.agentruntime.app.error.HttpError;
import io.agentruntime.app.security.Origins;
import io.micronaut.core.order.Ordered;
import io.micronaut.http.HttpHeaders;
import io.micronaut.http.HttpRequest;
import io.micronaut.http.MutableHttpResponse;
import io.micronaut.http.annotation.RequestFilter;
import io.micronaut.http.annotation.ServerFilter;
import org.jspecify.annotations.Nullable;

/**
 * Lets pages of allowed origins alone open a {@link StreamSocket}: no browser asks before it does.
 * The key was looked at before.
 */
@ServerFilter({"/sessions/*/ws", "/api/sessions/*/ws"})
final class StreamGate implements Ordered {
  private final Origins origins;
  private final ErrorReplies errors;

  StreamGate(Origins origins, ErrorReplies errors) {
    this.origins = origins;
    this.errors = errors;
  }

  @Override
  public int getOrder() {
    return HIGHEST_PRECEDENCE + 1;
  }

  @RequestFilter
  @Nullable MutableHttpResponse<?> refuse(HttpRequest<?> request) {
    String origin = request.getHeaders().get(HttpHeaders.ORIGIN);
    return origin == null || origins.allows(origin) || isOwn(origin, request)
        ? null
        : errors.of(HttpError.FORBIDDEN_ORIGIN, "Pages of this origin may not connect");
  }

  private static boolean isOwn(String origin, HttpRequest<?> request) {
    String host = request.getHeaders().get(HttpHeaders.HOST);
    int scheme = origin.indexOf("://");
    return host != null && scheme > 0 && origin.substring(scheme + 3).equalsIgnoreCase(host);
  }
}
