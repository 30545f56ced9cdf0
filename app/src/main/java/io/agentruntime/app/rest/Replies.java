// SPDX-License-Identifier: MIT

package io.agentruntime.app.rest;

import io.agentruntime.app.json.Json;
import io.micronaut.http.HttpResponse;
import io.micronaut.http.HttpStatus;
import io.micronaut.http.MediaType;
import java.util.Map;

/** Makes the replies of routes that went well. Stateless. */
final class Replies {
  private Replies() {}

  static HttpResponse<byte[]> ok(Object body) {
    return of(HttpStatus.OK, body);
  }

  static HttpResponse<byte[]> created(Object body) {
    return of(HttpStatus.CREATED, body);
  }

  static HttpResponse<byte[]> unavailable(Object body) {
    return of(HttpStatus.SERVICE_UNAVAILABLE, body);
  }

  /** {@code {success: true, sessionId}}. */
  static HttpResponse<byte[]> done(String sessionId) {
    return ok(Map.of("success", true, "sessionId", sessionId));
  }

  private static HttpResponse<byte[]> of(HttpStatus status, Object body) {
    return HttpResponse.<byte[]>status(status)
        .contentType(MediaType.APPLICATION_JSON_TYPE)
        .body(Json.bytes(body));
  }
}
