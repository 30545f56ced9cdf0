// SPDX-License-Identifier: MIT

package io.agentruntime.app.gateway.engine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.read.ListAppender;
import io.agentruntime.app.gateway.EchoSocketIo;
import io.agentruntime.app.gateway.GatewayServer;
import io.agentruntime.app.gateway.RawHttp;
import io.agentruntime.app.gateway.RawSocket;
import io.micronaut.http.server.netty.NettyEmbeddedServer;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.slf4j.LoggerFactory;

/** The gateway among what else the server is. */
final class GatewayOnTheServerTest {
  private final EchoSocketIo handler = new EchoSocketIo();

  @Test
  void theAccessLogShowsNoQuery() throws Exception {
    Logger root = (Logger) LoggerFactory.getLogger(org.slf4j.Logger.ROOT_LOGGER_NAME);
    ListAppender<ILoggingEvent> log = new ListAppender<>();
    log.start();
    root.addAppender(log);
    // Libraries stay quiet unless they are asked: this one is.
    Logger access = (Logger) LoggerFactory.getLogger("HTTP_ACCESS_LOGGER");
    access.setLevel(Level.INFO);
    try (GatewayServer server =
            GatewayServer.start(
                handler, Map.of("micronaut.server.netty.access-logger.enabled", true));
        RawHttp http = new RawHttp(server)) {
      http.get(RawHttp.POLLING + "&apiKey=canary");
      http.get("EIO=3&transport=polling&apiKey=canary");
      http.post("unknown&apiKey=canary", "4x");
      assertThatThrownBy(() -> RawSocket.raw(server, "EIO=3&transport=websocket&apiKey=canary"))
          .isNotNull();
      try (RawSocket socket = RawSocket.raw(server, RawSocket.WEBSOCKET + "&apiKey=canary")) {
        socket.next();
        socket.send("4abc");
        socket.closeCode();
      }
    } finally {
      access.setLevel(null);
      root.detachAppender(log);
    }
    List<String> lines = log.list.stream().map(ILoggingEvent::getFormattedMessage).toList();
    assertThat(lines).anyMatch(line -> line.contains("GET /socket.io/ HTTP/1.1"));
    assertThat(lines).noneMatch(line -> line.contains("canary"));
  }

  @Test
  void anotherPortServesBothTransportsToo() throws Exception {
    Map<String, Object> listeners =
        Map.of(
            "micronaut.server.netty.listeners.main.host",
            "127.0.0.1",
            "micronaut.server.netty.listeners.main.port",
            0,
            "micronaut.server.netty.listeners.sockets.host",
            "127.0.0.1",
            "micronaut.server.netty.listeners.sockets.port",
            0);
    try (GatewayServer server = GatewayServer.start(handler, listeners)) {
      Set<Integer> ports = server.bean(NettyEmbeddedServer.class).getBoundPorts();
      assertThat(ports).hasSize(2).contains(server.port());
      for (int port : ports) {
        try (RawHttp http = new RawHttp("http://127.0.0.1:" + port + "/socket.io/");
            RawSocket socket = RawSocket.at(port, RawSocket.WEBSOCKET)) {
          assertThat(http.open()).isNotEmpty();
          assertThat(socket.next()).startsWith("0{");
        }
      }
    }
  }

  @Test
  void stoppingTellsClientsAndTheHandler() throws Exception {
    GatewayServer server = GatewayServer.start(handler, Map.of());
    try (RawSocket socket = RawSocket.join(server);
        RawHttp http = new RawHttp(server)) {
      server.engine().close();

      assertThat(socket.closeCode()).isEqualTo(1001);
      assertThat(handler.nextEnd()).isEqualTo(DisconnectReason.SERVER_SHUTDOWN);
      assertThat(http.get(RawHttp.POLLING).statusCode()).isEqualTo(503);
      server.engine().close();
    } finally {
      server.close();
    }
  }

  @Test
  void anotherPathMayBeChosen() throws Exception {
    try (GatewayServer server = GatewayServer.start(handler, Map.of("path", "/live/"));
        RawHttp http = new RawHttp(server)) {
      assertThat(http.get(RawHttp.POLLING).statusCode()).isEqualTo(404);
      try (RawHttp live = new RawHttp(server.url() + "/live/")) {
        assertThat(live.open()).isNotEmpty();
      }
    }
  }
}
