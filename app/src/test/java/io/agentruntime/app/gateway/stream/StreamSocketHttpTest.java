// SPDX-License-Identifier: MIT

package io.agentruntime.app.gateway.stream;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.agentruntime.app.TestServer;
import io.agentruntime.app.gateway.Await;
import java.net.http.WebSocketHandshakeException;
import java.nio.file.Path;
import java.util.Map;
import java.util.Objects;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What is particular to plain WebSockets. */
final class StreamSocketHttpTest {
  private static final String WITH_KEY = "apiKey=" + TestServer.KEY;
  private static TestServer server;

  @BeforeAll
  static void start(@TempDir Path folder) throws InterruptedException {
    server =
        TestServer.start(
            folder,
            Map.of(
                "AGENT_RUNTIME_CORS_ORIGINS", "https://app.example",
                "AGENT_RUNTIME_GATEWAY_PING_INTERVAL", "100ms",
                "AGENT_RUNTIME_GATEWAY_STREAM_PATIENCE", "500ms",
                "AGENT_RUNTIME_GATEWAY_MAX_SESSION_STREAMS", "2"));
  }

  @AfterAll
  static void stop() {
    server.close();
  }

  @Test
  void aPageOfAnAllowedOriginMayConnectWithTheKeyInTheQuery() throws Exception {
    String session = server.createSession();
    server.turn(session, "say hi");

    for (String prefix : new String[] {"", "/api"}) {
      try (SocketStreamClient client =
          SocketStreamClient.open(
              server,
              prefix + "/sessions/" + session + "/ws?after=0&" + WITH_KEY,
              "Origin",
              "https://app.example")) {
        assertThat(client.next()).containsEntry("type", "TurnQueued");
      }
    }
  }

  @Test
  void pagesOfOtherOriginsMayNot() throws Exception {
    String path = "/sessions/" + server.createSession() + "/ws?" + WITH_KEY;

    assertThat(refused(path, "Origin", "https://evil.example")).isEqualTo(403);
  }

  @Test
  void withoutTheKeyThereIsNoHandshake() throws Exception {
    String path = "/sessions/" + server.createSession() + "/ws";

    assertThat(refused(path)).isEqualTo(401);
    assertThat(refused(path + "?apiKey=wrong")).isEqualTo(401);
    assertThat(refused("/sessions/nobody/ws")).isEqualTo(401);
  }

  @Test
  void aRequestThatIsNoHandshakeIsRefused() throws Exception {
    assertThat(server.call("GET", "/sessions/" + server.createSession() + "/ws", null).status())
        .isBetween(400, 499);
  }

  @Test
  void whatIsWrongIsToldOnTheSocket() throws Exception {
    String session = server.createSession();

    assertEnds("/sessions/nobody/ws?" + WITH_KEY, "SESSION_NOT_FOUND", 1008);
    assertEnds("/sessions/" + session + "/ws?after=x&" + WITH_KEY, "INVALID_ARGUMENT", 1008);
  }

  @Test
  void thereAreOnlySoManyStreamsOfASession() throws Exception {
    String session = server.createSession();
    try (StreamClient one = SocketStreamClient.after(server, session, 0);
        StreamClient two = SocketStreamClient.after(server, session, 0)) {
      Await.until(() -> server.streams() >= 2, "both streams have begun");

      assertEnds("/sessions/" + session + "/ws?" + WITH_KEY, "TOO_MANY_STREAMS", 1013);
      server.turn(session, "say still here");
      assertThat(one.next()).containsEntry("type", "TurnQueued");
      assertThat(two.next()).containsEntry("type", "TurnQueued");
    }
  }

  @Test
  void whoSaysSomethingIsToldThatNobodyListens() throws Exception {
    String session = server.createSession();
    try (SocketStreamClient client = SocketStreamClient.after(server, session, 0)) {
      client.say("hello");

      assertThat(client.next()).containsEntry("code", "UNEXPECTED_MESSAGE");
      assertThat(client.closeCode()).isEqualTo(1008);
    }
  }

  @Test
  void whoReadsNothingIsCutOffIsToldWhyAndComesBack() throws Exception {
    String session = server.createSession();
    Await.until(() -> server.streams() == 0, "earlier streams have ended");
    try (StalledReader stalled =
        new StalledReader(
            server,
            "/sessions/" + session + "/ws",
            "Connection: Upgrade",
            "Upgrade: websocket",
            "Sec-WebSocket-Version: 13",
            "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==")) {
      stalled.isCutOffAndComesBack(session);
    }
  }

  @Test
  void aQuietSocketIsPingedAndStaysWhileItAnswers() throws Exception {
    String session = server.createSession();
    try (SocketStreamClient client = SocketStreamClient.after(server, session, 0)) {
      for (int i = 0; i < 5; i++) {
        Await.next(client.pings(), "a ping");
      }
      server.turn(session, "say alive");
      assertThat(client.next()).containsEntry("type", "TurnQueued");
    }
  }

  private static void assertEnds(String path, String code, int closeCode) throws Exception {
    try (SocketStreamClient client = SocketStreamClient.open(server, path)) {
      Map<String, Object> end = client.next();
      assertThat(end).containsEntry("type", "end").containsEntry("code", code);
      assertThat(end.get("error")).asString().isNotEmpty();
      assertThat(client.closeCode()).isEqualTo(closeCode);
    }
  }

  private static int refused(String path, String... headers) {
    int[] status = new int[1];
    assertThatThrownBy(() -> SocketStreamClient.open(server, path, headers))
        .satisfies(
            thrown ->
                status[0] =
                    ((WebSocketHandshakeException) Objects.requireNonNull(thrown.getCause()))
                        .getResponse()
                        .statusCode());
    return status[0];
  }
}
