// SPDX-License-Identifier: MIT

package io.agentruntime.app.gateway.engine;

import static org.assertj.core.api.Assertions.assertThat;

import io.agentruntime.app.gateway.Await;
import io.agentruntime.app.gateway.EchoSocketIo;
import io.agentruntime.app.gateway.GatewayServer;
import io.agentruntime.app.gateway.RawHttp;
import io.agentruntime.app.gateway.RawSocket;
import io.agentruntime.app.gateway.protocol.SocketCodec;
import io.agentruntime.app.gateway.socketio.SocketIoSocket;
import java.net.http.HttpResponse;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

final class UpgradeTest {
  private EchoSocketIo handler;
  private GatewayServer server;
  private RawHttp http;
  private String sid;

  @BeforeEach
  void start() throws Exception {
    handler = new EchoSocketIo();
    start(Map.of());
  }

  @AfterEach
  void stop() {
    http.close();
    server.close();
  }

  private void start(Map<String, Object> settings) throws Exception {
    server = GatewayServer.start(handler, settings);
    http = new RawHttp(server);
    sid = http.open();
  }

  private RawSocket candidate() throws Exception {
    return RawSocket.raw(server, RawSocket.WEBSOCKET + "&sid=" + sid);
  }

  @Test
  void aProbeIsAnsweredAndThePollEnds() throws Exception {
    CompletableFuture<HttpResponse<String>> poll = http.pollAsync(sid);
    try (RawSocket socket = candidate()) {
      socket.send("2probe");

      assertThat(socket.next()).isEqualTo("3probe");
      assertThat(Await.result(poll, "the poll ends").body()).isEqualTo("6");
      assertThat(http.poll(sid).body()).isEqualTo("6");
    }
  }

  @Test
  void whatGatheredMeanwhileGoesOverTheWebSocketInOrder() throws Exception {
    http.post(sid, "40");
    SocketIoSocket sender = handler.nextSocket();
    try (RawSocket socket = candidate()) {
      socket.send("2probe");
      assertThat(socket.next()).isEqualTo("3probe");
      assertThat(http.poll(sid).body()).startsWith("40{");
      for (int i = 0; i < 100; i++) {
        sender.send(SocketCodec.event("n", i));
      }
      socket.send("5");

      for (int i = 0; i < 100; i++) {
        assertThat(socket.next()).isEqualTo("42[\"n\"," + i + "]");
      }
      socket.send("42[\"m\"]");
      assertThat(socket.next()).isEqualTo("42[\"m-back\"]");
    }
    assertThat(handler.nextEnd()).isEqualTo(DisconnectReason.TRANSPORT_CLOSED);
  }

  @Test
  void afterTheUpgradeThereIsNoPolling() throws Exception {
    try (RawSocket socket = candidate()) {
      socket.send("2probe");
      assertThat(socket.next()).isEqualTo("3probe");
      socket.send("5");
      Await.until(
          () -> server.engine().find(sid).map(c -> !c.isPolling()).orElse(false), "the upgrade");

      assertThat(http.poll(sid).body()).isEqualTo("{\"code\":3,\"message\":\"Bad request\"}");
      assertThat(http.post(sid, "4x").body()).isEqualTo("{\"code\":3,\"message\":\"Bad request\"}");
      try (RawSocket second = candidate()) {
        assertThat(second.closeCode()).isNotEqualTo(-1);
      }
      socket.send("40");
      assertThat(socket.next()).startsWith("40{");
    }
  }

  @Test
  void aSecondCandidateIsTurnedAway() throws Exception {
    try (RawSocket first = candidate()) {
      first.send("2probe");
      assertThat(first.next()).isEqualTo("3probe");
      try (RawSocket second = candidate()) {
        assertThat(second.closeCode()).isNotEqualTo(-1);
      }
      first.send("5");
      first.send("40");
      assertThat(first.next()).startsWith("40{");
    }
  }

  @Test
  void anUpgradeWithoutAProbeIsTurnedAwayAndPollingGoesOn() throws Exception {
    try (RawSocket socket = candidate()) {
      socket.send("5");
      assertThat(socket.closeCode()).isNotEqualTo(-1);
    }
    http.post(sid, "40");
    assertThat(http.poll(sid).body()).startsWith("40{");
  }

  @Test
  void aMessageBeforeTheUpgradeIsTurnedAway() throws Exception {
    try (RawSocket socket = candidate()) {
      socket.send("2probe");
      assertThat(socket.next()).isEqualTo("3probe");
      socket.send("40");
      assertThat(socket.closeCode()).isNotEqualTo(-1);
    }
    assertThat(server.engine().find(sid)).isPresent();
  }

  @Test
  void aCandidateThatGoesAwayLeavesPollingAsItWas() throws Exception {
    try (RawSocket socket = candidate()) {
      socket.send("2probe");
      assertThat(socket.next()).isEqualTo("3probe");
    }
    http.post(sid, "40");
    handler.nextSocket();
    assertThat(http.poll(sid).body()).startsWith("40{");
    try (RawSocket again = candidate()) {
      again.send("2probe");
      assertThat(again.next()).isEqualTo("3probe");
    }
  }

  @Test
  void aCandidateThatTakesTooLongIsTurnedAway() throws Exception {
    stop();
    start(Map.of("upgrade-timeout", "200ms"));
    try (RawSocket socket = candidate()) {
      assertThat(socket.closeCode()).isNotEqualTo(-1);
    }
    http.post(sid, "40");
    assertThat(http.poll(sid).body()).startsWith("40{");
  }
}
