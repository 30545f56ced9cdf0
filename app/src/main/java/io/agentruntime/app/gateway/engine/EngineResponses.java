// SPDX-License-Identifier: MIT

package io.agentruntime.app.gateway.engine;

import io.micronaut.http.HttpHeaders;
import io.micronaut.http.HttpResponse;
import io.micronaut.http.MediaType;
import io.micronaut.http.MutableHttpResponse;
import java.nio.charset.StandardCharsets;

/** The two kinds of answers over HTTP. Stateless. */
final class EngineResponses {
  private static final MediaType TEXT = MediaType.of("text/plain; charset=UTF-8");

  private EngineResponses() {}

  static MutableHttpResponse<?> text(byte[] payload) {
    return HttpResponse.ok(payload).contentType(TEXT).header(HttpHeaders.CACHE_CONTROL, "no-store");
  }

  static MutableHttpResponse<?> refusal(EngineError error) {
    return HttpResponse.status(error.status(), error.reason())
        .body(error.json().getBytes(StandardCharsets.UTF_8))
        .contentType(MediaType.APPLICATION_JSON_TYPE);
  }
}
