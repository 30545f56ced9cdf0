// SPDX-License-Identifier: MIT

package io.agentruntime.app.gateway.engine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.agentruntime.app.gateway.Await;
import io.agentruntime.app.gateway.EchoSocketIo;
import io.agentruntime.app.gateway.GatewayServer;
import io.agentruntime.app.gateway.RawHttp;
import io.agentruntime.app.gateway.RawSocket;
import io.agentruntime.app.gateway.socketio.Ack;
import io.agentruntime.app.gateway.socketio.ConnectDecision;
import io.agentruntime.app.gateway.socketio.ConnectRequest;
import io.agentruntime.app.gateway.socketio.SocketIoHandler;
import io.agentruntime.app.gateway.socketio.SocketIoSocket;
import java.net.http.HttpResponse;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

final class GatewayLimitsTest {
  private final EchoSocketIo handler = new EchoSocketIo();

  @Test
  void noMoreConnectionsThanAllowed() throws Exception {
    try (GatewayServer server = GatewayServer.start(handler, Map.of("max-connections", 2));
        RawHttp http = new RawHttp(server);
        RawSocket first = RawSocket.join(server);
        RawSocket second = RawSocket.join(server)) {
      HttpResponse<String> refused = http.get(RawHttp.POLLING);
      assertThat(refused.statusCode()).isEqualTo(503);
      assertThat(refused.body()).contains("Too many connections");
      assertThatThrownBy(() -> RawSocket.open(server)).isInstanceOf(Exception.class);
      second.send("42[\"m\"]");
      assertThat(second.next()).isEqualTo("42[\"m-back\"]");

      first.send("1");
      handler.nextEnd();
      assertThat(http.open()).isNotEmpty();
      assertThat(server.engine().stats().connections()).isEqualTo(2);
    }
  }

  @Test
  void noMoreConnectionsThatHaveJoinedNothingThanAllowed() throws Exception {
    try (GatewayServer server = GatewayServer.start(handler, Map.of("max-pending", 2));
        RawHttp http = new RawHttp(server);
        RawSocket first = RawSocket.open(server)) {
      http.open();
      assertThat(http.get(RawHttp.POLLING).statusCode()).isEqualTo(503);

      first.send("40");
      handler.nextSocket();
      assertThat(http.open()).isNotEmpty();
      assertThat(server.engine().stats().pending()).isEqualTo(2);
    }
  }

  @Test
  void whoeverJoinsNothingInTimeIsSentAway() throws Exception {
    try (GatewayServer server = GatewayServer.start(handler, Map.of("connect-timeout", "200ms"));
        RawHttp http = new RawHttp(server);
        RawSocket idle = RawSocket.open(server)) {
      String sid = http.open();

      assertThat(idle.closeCode()).isEqualTo(1008);
      Await.until(() -> server.engine().find(sid).isEmpty(), "the polling client's end");
      Await.until(() -> server.engine().stats().connections() == 0, "the end of both");
      assertThat(server.engine().stats().closed())
          .containsExactly(Map.entry(DisconnectReason.CONNECT_TIMEOUT, 2L));
      assertThat(server.engine().stats().pending()).isZero();
    }
  }

  @Test
  void whoeverSendsTooOftenIsSentAway() throws Exception {
    try (GatewayServer server =
            GatewayServer.start(handler, Map.of("message-rate", 1, "message-burst", 10));
        RawSocket socket = RawSocket.join(server)) {
      for (int i = 0; i < 9; i++) {
        socket.send("42[\"m\"]");
        assertThat(socket.next()).isEqualTo("42[\"m-back\"]");
      }
      socket.sendUntilClosed("42[\"m\"]", 30);
      assertThat(socket.closeCode()).isEqualTo(1008);
      assertThat(handler.nextEnd()).isEqualTo(DisconnectReason.RATE_EXCEEDED);
    }
  }

  @Test
  void whoeverSendsMoreThanCanBeHandledIsSentAwayAndOthersAreNot() throws Exception {
    CountDownLatch release = new CountDownLatch(1);
    SocketIoHandler slow =
        new SocketIoHandler() {
          @Override
          public ConnectDecision onConnect(ConnectRequest request) {
            return ConnectDecision.accept();
          }

          @Override
          public void onEvent(
              SocketIoSocket socket, String name, List<@Nullable Object> args, @Nullable Ack ack)
              throws InterruptedException {
            if (name.equals("block")) {
              release.await();
            } else if (ack != null) {
              ack.send();
            }
          }

          @Override
          public void onDisconnect(SocketIoSocket socket, DisconnectReason reason) {
            handler.onDisconnect(socket, reason);
          }
        };
    try (GatewayServer server = GatewayServer.start(slow, Map.of("inbox-messages", 5));
        RawSocket eager = RawSocket.open(server);
        RawSocket other = RawSocket.open(server)) {
      eager.send("40");
      eager.next();
      other.send("40");
      other.next();
      eager.sendUntilClosed("42[\"block\"]", 30);
      assertThat(eager.closeCode()).isEqualTo(1008);
      other.send("421[\"m\"]");
      assertThat(other.next()).isEqualTo("431[]");

      release.countDown();
      assertThat(handler.nextEnd()).isEqualTo(DisconnectReason.INBOX_FULL);
    }
  }

  @Test
  void noMoreRoomsThanAllowed() throws Exception {
    try (GatewayServer server = GatewayServer.start(handler, Map.of("max-rooms", 2));
        RawSocket client = RawSocket.join(server)) {
      SocketIoSocket socket = handler.nextSocket();
      assertThat(socket.join("a")).isTrue();
      assertThat(socket.join("b")).isTrue();
      assertThat(socket.join("a")).isTrue();
      assertThat(socket.join("c")).isFalse();
      socket.leave("a");
      assertThat(socket.join("c")).isTrue();
      assertThat(socket.rooms()).containsExactlyInAnyOrder("b", "c");
      client.send("1");
      handler.nextEnd();
      assertThat(socket.rooms()).isEmpty();
      assertThat(socket.join("d")).isFalse();
    }
  }

  @Test
  void whoeverAnswersNoPingIsGone() throws Exception {
    try (GatewayServer server =
            GatewayServer.start(handler, Map.of("ping-interval", "300ms", "ping-timeout", "2s"));
        RawHttp http = new RawHttp(server);
        RawSocket silent = RawSocket.join(server)) {
      String sid = http.open();
      assertThat(silent.next()).isEqualTo("2");
      assertThat(silent.closeCode()).isEqualTo(1000);
      assertThat(handler.nextEnd()).isEqualTo(DisconnectReason.PING_TIMEOUT);
      Await.until(() -> server.engine().find(sid).isEmpty(), "the polling session ends");
      assertThat(http.poll(sid).statusCode()).isEqualTo(400);
    }
  }

  @Test
  void whoeverAnswersPingsStays() throws Exception {
    try (GatewayServer server =
            GatewayServer.start(handler, Map.of("ping-interval", "100ms", "ping-timeout", "30s"));
        RawSocket socket = RawSocket.join(server)) {
      for (int i = 0; i < 5; i++) {
        assertThat(socket.next()).isEqualTo("2");
        socket.send("3");
      }
      socket.send("42[\"m\"]");
      assertThat(socket.nextPacket()).isEqualTo("42[\"m-back\"]");
    }
  }

  @Test
  void settingsOutOfRangeAreNamed() {
    assertThatThrownBy(() -> GatewayServer.start(handler, Map.of("max-payload", 2_000_000)))
        .rootCause()
        .hasMessage("agent-runtime.gateway.max-payload: expected 1024 to 1000000");
    assertThatThrownBy(() -> GatewayServer.start(handler, Map.of("ping-interval", "0s")))
        .rootCause()
        .hasMessage("agent-runtime.gateway.ping-interval: expected more than zero");
  }
}
