// SPDX-License-Identifier: MIT

package io.agentruntime.app.gateway.engine;

import jakarta.inject.Singleton;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * Which pages in a browser may use the gateway: those of this server and of the configured origins.
 * Programs that are no browsers name no origin and are let through. Thread-safe.
 */
@Singleton
final class OriginPolicy {
  private static final String ANY = "*";

  private final Set<String> allowed;

  OriginPolicy(GatewayOptions options) {
    this.allowed =
        options.allowedOrigins().stream()
            .map(origin -> normal(origin))
            .collect(Collectors.toUnmodifiableSet());
  }

  boolean allows(EngineRequest request) {
    Optional<String> origin = request.header("origin");
    return origin.isEmpty()
        || isListed(origin.get())
        || isOwn(origin.get(), request.header("host").orElse(""));
  }

  private boolean isListed(String origin) {
    return allowed.contains(ANY) || allowed.contains(normal(origin));
  }

  private static boolean isOwn(String origin, String host) {
    int scheme = origin.indexOf("://");
    return scheme > 0 && !host.isEmpty() && origin.substring(scheme + 3).equalsIgnoreCase(host);
  }

  private static String normal(String origin) {
    String lower = origin.toLowerCase(Locale.ROOT);
    return lower.endsWith("/") ? lower.substring(0, lower.length() - 1) : lower;
  }
}
