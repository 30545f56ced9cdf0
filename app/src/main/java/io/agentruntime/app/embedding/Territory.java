// SPDX-License-Identifier: MIT

package io.agentruntime.app.embedding;

import java.util.List;
import java.util.regex.Pattern;

/**
 * Which requests are ours: all of them in a server of its own, those of our routes in another
 * application. Immutable.
 */
public final class Territory {
  /** The routes of this module, with and without {@code /api}. */
  private static final Pattern ROUTES =
      Pattern.compile("(/api)?/(sessions|agent-profiles|providers)(/.*)?");

  /** Where the classes are that answer routes and sockets. */
  private static final List<String> PACKAGES =
      List.of("io.agentruntime.app.rest.", "io.agentruntime.app.gateway.");

  private final boolean everything;
  private final String sockets;

  private Territory(boolean everything, String sockets) {
    this.everything = everything;
    this.sockets = sockets;
  }

  /** All requests. */
  public static Territory everything() {
    return new Territory(true, "");
  }

  /**
   * Those that our routes answer, and those of the sockets.
   *
   * @param sockets the path of the sockets
   */
  public static Territory ofRoutes(String sockets) {
    return new Territory(false, sockets.endsWith("/") ? sockets : sockets + "/");
  }

  /** Whether a class that answers a route is one of this module. */
  public static boolean isRoute(Class<?> type) {
    return PACKAGES.stream().anyMatch(type.getName()::startsWith);
  }

  /** Whether a request for this path is ours. */
  public boolean covers(String path) {
    return everything || ROUTES.matcher(path).matches() || (path + "/").startsWith(sockets);
  }
}
