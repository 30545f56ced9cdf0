// SPDX-License-Identifier: MIT

package io.agentruntime.app.gateway;

import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.CountDownLatch;

/**
 * A server for the test suites that the authors of the two protocols publish, to be run by hand:
 * {@code ConformanceServer engine.io|socket.io PORT}.
 */
final class ConformanceServer {
  private ConformanceServer() {}

  public static void main(String[] args) throws InterruptedException {
    boolean engine = args[0].equals("engine.io");
    Map<String, Object> settings =
        new HashMap<>(
            Map.of(
                "ping-interval", "300ms",
                "ping-timeout", "200ms",
                "connect-timeout", "1s",
                "micronaut.server.port", args[1]));
    settings.put("path", "/" + args[0] + "/");
    Object handler = engine ? new EchoEngine() : new EchoSocketIo();
    try (GatewayServer server = GatewayServer.start(handler, settings)) {
      System.out.println("Listening on " + server.url());
      new CountDownLatch(1).await();
    }
  }
}
