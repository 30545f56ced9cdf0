// SPDX-License-Identifier: MIT

package io.agentruntime.app.security;

import io.agentruntime.app.embedding.Territory;
import io.agentruntime.app.error.ErrorReplies;
import io.micronaut.core.order.Ordered;
import io.micronaut.http.HttpHeaders;
import io.micronaut.http.HttpMethod;
import io.micronaut.http.HttpRequest;
import io.micronaut.http.HttpResponse;
import io.micronaut.http.MutableHttpResponse;
import io.micronaut.http.annotation.RequestFilter;
import io.micronaut.http.annotation.ResponseFilter;
import io.micronaut.http.annotation.ServerFilter;
import io.micronaut.http.server.annotation.PreMatching;
import io.micronaut.web.router.RouteAttributes;
import io.micronaut.web.router.RouteInfo;
import java.util.Optional;
import java.util.UUID;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What every request passes: an id, the preflight of browsers, the key, the limits, and on its way
 * back the headers that every reply carries. Before any route is looked up, so that without the key
 * nobody learns which routes there are. In an application that our routes are part of, requests for
 * its own routes pass untouched.
 */
@ServerFilter("/**")
final class EdgeFilter implements Ordered {
  private static final Logger LOG = LoggerFactory.getLogger("io.agentruntime.app.access");
  private static final String REQUEST_ID = "x-request-id";
  private static final String STARTED = EdgeFilter.class.getName() + ".started";
  private static final Pattern FIT_FOR_LOG = Pattern.compile("[A-Za-z0-9._-]{1,64}");
  private static final Pattern STREAM = Pattern.compile("(/api)?/sessions/[^/]+/(events|ws)");
  private static final String SOCKETS = "/socket.io";

  private final Access access;
  private final Cors cors;
  private final ErrorReplies errors;
  private final Territory territory;

  EdgeFilter(Access access, Cors cors, ErrorReplies errors, Territory territory) {
    this.access = access;
    this.cors = cors;
    this.errors = errors;
    this.territory = territory;
  }

  @Override
  public int getOrder() {
    return HIGHEST_PRECEDENCE;
  }

  /** Answers at once what needs no route. */
  @PreMatching
  @RequestFilter
  @Nullable HttpResponse<?> before(HttpRequest<?> request) {
    return territory.covers(request.getPath()) ? examine(request) : null;
  }

  private @Nullable HttpResponse<?> examine(HttpRequest<?> request) {
    request.setAttribute(STARTED, System.nanoTime());
    String given = request.getHeaders().get(REQUEST_ID);
    request.setAttribute(
        REQUEST_ID,
        given != null && FIT_FOR_LOG.matcher(given).matches()
            ? given
            : UUID.randomUUID().toString());
    MutableHttpResponse<?> refusal = isOpen(request) ? null : refusal(request);
    if (refusal != null) {
      // An answer given here passes no other filter, nor the one below.
      after(request, refusal);
    }
    return refusal;
  }

  /**
   * Looks at what no filter sees before its route is known: the handshakes of WebSockets, and
   * requests that reach our routes by a path that we do not know, because the application put its
   * own before ours.
   */
  @RequestFilter
  @Nullable HttpResponse<?> beforeRoute(HttpRequest<?> request) {
    if (request.getAttribute(STARTED).isPresent()) {
      return null;
    }
    boolean ours =
        RouteAttributes.getRouteInfo(request)
            .map(RouteInfo::getDeclaringType)
            .filter(Territory::isRoute)
            .isPresent();
    return ours ? examine(request) : before(request);
  }

  private @Nullable MutableHttpResponse<?> refusal(HttpRequest<?> request) {
    Optional<MutableHttpResponse<?>> preflight = cors.preflight(request);
    if (preflight.isPresent()) {
      return preflight.get();
    }
    Access.Decision decision =
        access.decide(
            ApiKey.from(
                    request.getHeaders().get(HttpHeaders.AUTHORIZATION),
                    request.getHeaders().get("x-api-key"))
                .or(() -> keyInQuery(request)),
            address(request));
    return switch (decision) {
      case Access.Decision.Granted granted -> null;
      case Access.Decision.Refused refused ->
          refused.retryAfter().isZero()
              ? errors.of(refused.code(), refused.text())
              : errors.of(refused.code(), refused.text(), refused.retryAfter());
    };
  }

  /**
   * Pages in browsers cannot give a stream a header: there, and only there, the key may stand in
   * the query, as with sockets.
   */
  private static Optional<String> keyInQuery(HttpRequest<?> request) {
    boolean isStream =
        request.getMethod() == HttpMethod.GET && STREAM.matcher(request.getPath()).matches();
    return isStream
        ? Optional.ofNullable(request.getParameters().get("apiKey")).filter(key -> !key.isBlank())
        : Optional.empty();
  }

  /** Sockets are let in by their own handshake; health says nothing that needs a key. */
  private static boolean isOpen(HttpRequest<?> request) {
    String path = request.getPath();
    return (path.equals("/health") && request.getMethod() == HttpMethod.GET)
        || path.equals(SOCKETS)
        || path.startsWith(SOCKETS + "/");
  }

  /** Completes every reply, also those of other filters and of failures. */
  @ResponseFilter
  void after(HttpRequest<?> request, MutableHttpResponse<?> response) {
    if (request.getAttribute(STARTED).isEmpty() && !territory.covers(request.getPath())) {
      return;
    }
    String id = request.getAttribute(REQUEST_ID, String.class).orElse("-");
    if (!request.getPath().startsWith(SOCKETS)) {
      response.header(REQUEST_ID, id);
      response.header("x-content-type-options", "nosniff");
      response.header("x-frame-options", "DENY");
      response.header("referrer-policy", "no-referrer");
      response.header(HttpHeaders.CACHE_CONTROL, "no-store");
      cors.decorate(request, response);
    }
    if (LOG.isDebugEnabled()) {
      long started = request.getAttribute(STARTED, Long.class).orElse(System.nanoTime());
      // The path alone: a query may hold a key.
      LOG.debug(
          "{} {} {} {} {} ms {}",
          address(request),
          request.getMethodName(),
          request.getPath(),
          response.code(),
          (System.nanoTime() - started) / 1_000_000,
          id);
    }
  }

  private static String address(HttpRequest<?> request) {
    return request.getRemoteAddress().getAddress() == null
        ? request.getRemoteAddress().getHostString()
        : request.getRemoteAddress().getAddress().getHostAddress();
  }
}
