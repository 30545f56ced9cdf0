// SPDX-License-Identifier: MIT

package io.agentruntime.app.gateway.engine;

import io.micronaut.http.HttpHeaders;
import io.micronaut.http.HttpResponse;
import io.micronaut.http.HttpStatus;
import io.micronaut.http.MutableHttpResponse;
import jakarta.inject.Singleton;
import org.jspecify.annotations.Nullable;

/** What lets pages of allowed origins read the answers to their polls. Thread-safe. */
@Singleton
final class CorsHeaders {
  private final OriginPolicy origins;

  CorsHeaders(OriginPolicy origins) {
    this.origins = origins;
  }

  MutableHttpResponse<?> preflight(EngineRequest request) {
    MutableHttpResponse<?> response =
        HttpResponse.status(origins.allows(request) ? HttpStatus.NO_CONTENT : HttpStatus.FORBIDDEN);
    response.header(HttpHeaders.ACCESS_CONTROL_ALLOW_METHODS, "GET,POST");
    request
        .header("access-control-request-headers")
        .ifPresent(wanted -> response.header(HttpHeaders.ACCESS_CONTROL_ALLOW_HEADERS, wanted));
    return response;
  }

  MutableHttpResponse<?> add(EngineRequest request, MutableHttpResponse<?> response) {
    @Nullable String origin = request.header("origin").orElse(null);
    response.header(HttpHeaders.VARY, HttpHeaders.ORIGIN);
    if (origin != null && origins.allows(request)) {
      response.header(HttpHeaders.ACCESS_CONTROL_ALLOW_ORIGIN, origin);
      response.header(HttpHeaders.ACCESS_CONTROL_ALLOW_CREDENTIALS, "true");
    }
    return response;
  }
}
