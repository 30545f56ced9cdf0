// SPDX-License-Identifier: MIT

package io.agentruntime.app.gateway.engine;

import static org.assertj.core.api.Assertions.assertThat;

import io.agentruntime.app.gateway.Await;
import io.agentruntime.app.gateway.EchoEngine;
import io.agentruntime.app.gateway.GatewayServer;
import io.agentruntime.app.gateway.RawHttp;
import io.agentruntime.app.gateway.RawSocket;
import java.net.http.HttpResponse;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * What the authors of the Engine.IO protocol ask of every server, as far as no other test here
 * shows it, with a server that sends everything back.
 */
final class EngineConformanceTest {
  private static GatewayServer server;
  private static RawHttp http;

  @BeforeAll
  static void start() {
    server = GatewayServer.start(new EchoEngine(), Map.of("ping-interval", "300ms"));
    http = new RawHttp(server);
  }

  @AfterAll
  static void stop() {
    http.close();
    server.close();
  }

  /** What comes over polls, without pings, until there is that much of it. */
  private static String polled(String sid, int length) throws Exception {
    StringBuilder polled = new StringBuilder();
    while (polled.length() < length) {
      for (String packet : http.poll(sid).body().split("\u001e", -1)) {
        if (packet.equals("2")) {
          http.post(sid, "3");
        } else {
          polled.append(polled.isEmpty() ? "" : "|").append(packet);
        }
      }
    }
    return polled.toString();
  }

  @ParameterizedTest
  @ValueSource(strings = {"4hello", "4é€😀", "4test1|4test2|4test3", "4hello|bAQIDBA=="})
  void packetsOfAPayloadComeBackInOrder(String packets) throws Exception {
    String sid = http.open();

    assertThat(http.post(sid, packets.replace('|', '\u001e')).body()).isEqualTo("ok");
    assertThat(polled(sid, packets.length())).isEqualTo(packets);
  }

  @Test
  void textAndBytesComeBackOverAWebSocket() throws Exception {
    try (RawSocket socket = RawSocket.open(server)) {
      socket.answerPings();
      socket.send("4hello é€😀");
      assertThat(socket.next()).isEqualTo("4hello é€😀");
      socket.send(new byte[] {1, 2, 3, -4});
      assertThat(socket.nextBytes()).containsExactly(1, 2, 3, -4);
    }
  }

  @Test
  void aPollingClientIsPingedAgainAsOftenAsItAnswers() throws Exception {
    String sid = http.open();
    for (int i = 0; i < 3; i++) {
      assertThat(http.poll(sid).body()).isEqualTo("2");
      assertThat(http.post(sid, "3").body()).isEqualTo("ok");
    }
  }

  @Test
  void aPollingClientThatClosesIsForgotten() throws Exception {
    String sid = http.open();
    CompletableFuture<HttpResponse<String>> poll = http.pollAsync(sid);
    Await.until(
        () -> server.engine().find(sid).map(c -> c.hasOpenPoll()).orElse(false), "a poll waits");
    assertThat(http.post(sid, "1").body()).isEqualTo("ok");

    assertThat(Await.result(poll, "the poll ends").body()).isEqualTo("6");
    assertThat(http.poll(sid).statusCode()).isEqualTo(400);
  }

  @Test
  void aClientThatUpgradesGetsItsMessagesBackOverTheWebSocket() throws Exception {
    String sid = http.open();
    try (RawSocket socket = RawSocket.raw(server, RawSocket.WEBSOCKET + "&sid=" + sid)) {
      socket.send("2probe");
      assertThat(socket.next()).isEqualTo("3probe");
      socket.send("5");
      socket.answerPings();
      socket.send("4hello");
      assertThat(socket.next()).isEqualTo("4hello");
    }
  }
}
