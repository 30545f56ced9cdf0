// SPDX-License-Identifier: MIT

package io.agentruntime.app.security;

import io.micronaut.http.HttpHeaders;
import io.micronaut.http.HttpMethod;
import io.micronaut.http.HttpRequest;
import io.micronaut.http.HttpResponse;
import io.micronaut.http.HttpStatus;
import io.micronaut.http.MutableHttpResponse;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Lets pages of allowed origins read replies. Immutable and thread-safe. */
public final class Cors {
  private static final String METHODS = "GET,HEAD,PUT,POST,DELETE,PATCH";
  private static final String MAX_AGE_SECONDS = "600";

  private final Origins origins;

  /** Allows these origins. */
  public Cors(Origins origins) {
    this.origins = origins;
  }

  /** The answer to a browser that asks whether it may ask; empty when this is no such question. */
  Optional<MutableHttpResponse<?>> preflight(HttpRequest<?> request) {
    HttpHeaders headers = request.getHeaders();
    if (request.getMethod() != HttpMethod.OPTIONS
        || headers.get(HttpHeaders.ACCESS_CONTROL_REQUEST_METHOD) == null) {
      return Optional.empty();
    }
    MutableHttpResponse<?> reply = HttpResponse.status(HttpStatus.NO_CONTENT);
    String wanted = headers.get(HttpHeaders.ACCESS_CONTROL_REQUEST_HEADERS);
    if (origins.allows(origin(request))) {
      reply.header(HttpHeaders.ACCESS_CONTROL_ALLOW_METHODS, METHODS);
      reply.header(HttpHeaders.ACCESS_CONTROL_MAX_AGE, MAX_AGE_SECONDS);
      if (wanted != null) {
        reply.header(HttpHeaders.ACCESS_CONTROL_ALLOW_HEADERS, wanted);
      }
    }
    reply.header(HttpHeaders.VARY, HttpHeaders.ACCESS_CONTROL_REQUEST_HEADERS);
    return Optional.of(reply);
  }

  /** Tells the browser whether the page may read this reply. */
  void decorate(HttpRequest<?> request, MutableHttpResponse<?> reply) {
    if (origins.allowsAll()) {
      reply.header(HttpHeaders.ACCESS_CONTROL_ALLOW_ORIGIN, "*");
      return;
    }
    reply.header(HttpHeaders.VARY, HttpHeaders.ORIGIN);
    String origin = origin(request);
    if (origin != null && origins.allows(origin)) {
      reply.header(HttpHeaders.ACCESS_CONTROL_ALLOW_ORIGIN, origin);
    }
  }

  private static @Nullable String origin(HttpRequest<?> request) {
    return request.getHeaders().get(HttpHeaders.ORIGIN);
  }
}
