// SPDX-License-Identifier: MIT

package io.agentruntime.app.gateway;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.agentruntime.app.TestServer;
import io.agentruntime.error.AgentRuntimeException;
import java.io.IOException;
import java.net.ServerSocket;
import java.net.http.WebSocketHandshakeException;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The settings of the whole server that concern sockets. */
final class GatewaySettingsTest {
  private static final String CONNECT = "40{\"apiKey\":\"" + TestServer.KEY + "\"}";
  private static final int ATTEMPTS = 10;

  @TempDir Path folder;

  private static RawSocket connect(int port, String connect, String... headers) throws Exception {
    RawSocket socket = RawSocket.at(port, RawSocket.WEBSOCKET, headers);
    assertThat(socket.next()).startsWith("0{");
    socket.send(connect);
    return socket;
  }

  @Test
  void aFurtherPortServesSocketsOfTheSameSessions() throws Exception {
    for (int attempt = 1; ; attempt++) {
      int port = freePort();
      try (TestServer server =
          TestServer.start(folder, Map.of("AGENT_RUNTIME_WEBSOCKET_PORT", "" + port))) {
        assertThat(server.port()).isNotEqualTo(port);
        String session = server.createSession();
        for (int each : new int[] {port, server.port()}) {
          try (RawSocket socket = connect(each, CONNECT)) {
            assertThat(socket.next()).startsWith("40{");
            socket.send("421[\"session:join\",\"" + session + "\"]");
            assertThat(socket.next()).startsWith("42[\"session:status\",").contains(session);
          }
        }
        return;
      } catch (AgentRuntimeException e) {
        // Somebody else has taken the port since it was found to be free.
        if (attempt == ATTEMPTS) {
          throw e;
        }
      }
    }
  }

  private static int freePort() throws IOException {
    try (ServerSocket socket = new ServerSocket(0)) {
      return socket.getLocalPort();
    }
  }

  @Test
  void pagesOfConfiguredOriginsMayConnectAndOthersMayNot() throws Exception {
    try (TestServer server =
        TestServer.start(folder, Map.of("AGENT_RUNTIME_CORS_ORIGINS", "https://app.example"))) {
      try (RawSocket socket = connect(server.port(), CONNECT, "Origin", "https://app.example")) {
        assertThat(socket.next()).startsWith("40{");
      }
      assertThatThrownBy(() -> connect(server.port(), CONNECT, "Origin", "http://localhost:3000"))
          .cause()
          .extracting(e -> ((WebSocketHandshakeException) e).getResponse().statusCode())
          .isEqualTo(403);
    }
  }

  @Test
  void theDialectOfThoseThatDoNotSayIsASetting() throws Exception {
    try (TestServer server =
        TestServer.start(folder, Map.of("AGENT_RUNTIME_GATEWAY_DIALECT", "unified"))) {
      String session = server.createSession();
      try (RawSocket socket = connect(server.port(), CONNECT)) {
        assertThat(socket.next()).startsWith("40{");
        socket.send("421[\"session:join\",\"" + session + "\"]");
        assertThat(socket.next()).startsWith("42[\"session:event\",").contains(session);
      }
    }
  }

  @Test
  void anAddressThatTriesKeysIsRefusedForAWhileWhateverItSends() throws Exception {
    try (TestServer server =
        TestServer.start(folder, Map.of("AGENT_RUNTIME_RATE_LIMIT_FAILED_AUTH_PER_MINUTE", "3"))) {
      try (RawSocket socket = connect(server.port(), "40{\"apiKey\":\"guess-0\"}")) {
        assertThat(socket.next()).contains("INVALID_API_KEY");
        for (String guess : new String[] {"guess-1", "guess-2"}) {
          socket.send("40{\"apiKey\":\"" + guess + "\"}");
          assertThat(socket.next()).contains("INVALID_API_KEY");
        }
        socket.send(CONNECT);
        assertThat(socket.next())
            .startsWith("44{")
            .contains("\"code\":\"RATE_LIMITED\"")
            .containsPattern("\"retryAfterMs\":[1-9]");
      }
    }
  }

  @Test
  void aClientThatNeverAnswersPingsIsDroppedAndOneThatDoesIsNot() throws Exception {
    Map<String, String> hasty =
        Map.of(
            "AGENT_RUNTIME_GATEWAY_PING_INTERVAL",
            "200ms",
            "AGENT_RUNTIME_GATEWAY_PING_TIMEOUT",
            "3s");
    try (TestServer server = TestServer.start(folder, hasty);
        RawSocket silent = connect(server.port(), CONNECT);
        RawSocket alive = connect(server.port(), CONNECT)) {
      alive.answerPings();
      assertThat(silent.closeCode()).isEqualTo(1000);
      alive.send("421[\"session:leave\",\"any\"]");
      assertThat(alive.next()).startsWith("40{");
      assertThat(alive.next()).isEqualTo("431[{\"success\":true}]");
    }
  }

  @Test
  void aSocketFollowsNoMoreSessionsThanItMay() throws Exception {
    try (TestServer server =
            TestServer.start(folder, Map.of("AGENT_RUNTIME_GATEWAY_MAX_ROOMS", "1"));
        RawSocket socket = connect(server.port(), CONNECT)) {
      socket.next();
      String first = server.createSession();
      String second = server.createSession();
      assertThat(ask(socket, "session:join", first)).startsWith("431[{\"success\":true");
      assertThat(ask(socket, "session:join", second)).contains("\"code\":\"LIMIT_EXCEEDED\"");
      assertThat(ask(socket, "session:join", first)).startsWith("431[{\"success\":true");
      assertThat(ask(socket, "session:leave", first)).startsWith("431[{\"success\":true");
      assertThat(ask(socket, "session:join", second)).startsWith("431[{\"success\":true");
    }
  }

  private static String ask(RawSocket socket, String event, String session) throws Exception {
    socket.send("421[\"" + event + "\",\"" + session + "\"]");
    String packet = socket.nextPacket();
    while (!packet.startsWith("431")) {
      packet = socket.nextPacket();
    }
    return packet;
  }

  @Test
  void aConnectionThatNeverShowsAKeyIsClosed() throws Exception {
    try (TestServer server =
            TestServer.start(folder, Map.of("AGENT_RUNTIME_GATEWAY_CONNECT_TIMEOUT", "300ms"));
        RawSocket socket = RawSocket.at(server.port(), RawSocket.WEBSOCKET)) {
      socket.sendUntilClosed("40{\"apiKey\":\"wrong\"}", 1);
      assertThat(socket.closeCode()).isEqualTo(1008);
    }
  }
}
