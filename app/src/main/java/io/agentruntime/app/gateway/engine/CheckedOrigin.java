// SPDX-License-Identifier: MIT

package io.agentruntime.app.gateway.engine;

import io.micronaut.context.annotation.Requires;
import io.micronaut.core.order.Ordered;
import io.micronaut.http.HttpHeaders;
import io.micronaut.http.HttpRequest;
import io.micronaut.http.MutableHttpRequest;
import io.micronaut.http.annotation.RequestFilter;
import io.micronaut.http.annotation.ServerFilter;
import org.jspecify.annotations.Nullable;

/**
 * Takes the origin away from upgrades that {@link PollingEndpoint#upgrade} let pass.
 *
 * <p>Micronaut's own CORS filter would otherwise refuse, on a loopback address, every origin that
 * is not configured a second time with it. The endpoint still sees the request as it came.
 */
@ServerFilter("${agent-runtime.gateway.path:/socket.io/}**")
@Requires(beans = EngineServer.class)
final class CheckedOrigin implements Ordered {
  @Override
  public int getOrder() {
    return PollingEndpoint.ORDER + 1;
  }

  @RequestFilter
  @Nullable MutableHttpRequest<?> withoutOrigin(HttpRequest<?> request) {
    if (!Handshakes.isUpgrade(request) || request.getOrigin().isEmpty()) {
      return null;
    }
    MutableHttpRequest<?> checked = request.mutate();
    checked.getHeaders().remove(HttpHeaders.ORIGIN);
    return checked;
  }
}
