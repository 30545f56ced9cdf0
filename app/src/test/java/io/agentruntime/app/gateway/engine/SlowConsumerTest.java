package io.agentruntime.app.gateway.engine;

import static org.assertj.core.api.Assertions.assertThat;

import io.agentruntime.app.gateway.EchoSocketIo;
import io.agentruntime.app.gateway.GatewayServer;
import io.agentruntime.app.gateway.RawHttp;
import io.agentruntime.app.gateway.RawSocket;
import io.agentruntime.app.gateway.StalledSocket;
import io.agentruntime.app.gateway.protocol.EncodedPacket;
import io.agentruntime.app.gateway.protocol.SocketCodec;
import io.agentruntime.app.gateway.socketio.SocketIoServer;
import io.agentruntime.app.gateway.socketio.SocketIoSocket;
import java.time.Duration;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

final class SlowConsumerTest {
  private static final int BOUND = 1_000_000;

  private EchoSocketIo handler;
  private GatewayServer server;

  @BeforeEach
  void start() {
    handler = new EchoSocketIo();
    server = GatewayServer.start(handler, Map.of("outbox-bytes", BOUND));
  }

  @AfterEach
  void stop() {
    server.close();
  }

  /** Sends no faster than a client reads that does, until it is refused; how many were taken. */
  private static int flood(SocketIoSocket socket) throws InterruptedException {
    EncodedPacket delta = SocketCodec.event("delta", "x".repeat(150));
    int taken = 0;
    while (taken < 1_000_000 && socket.send(delta)) {
      taken++;
      if (taken % 2_000 == 0) {
        socket.awaitDrained(Duration.ofMillis(100));
      }
    }
    return taken;
  }

  @Test
  void aClientThatStopsReadingIsCutOff() throws Exception {
    try (StalledSocket stalled = StalledSocket.join(server)) {
      SocketIoSocket socket = handler.nextSocket();
      int taken = flood(socket);

      // What the operating systems' buffers and the outbox hold, and no more.
      assertThat(taken).isBetween(1000, 500_000);
      assertThat(handler.nextEnd()).isEqualTo(DisconnectReason.SLOW_CONSUMER);
      assertThat(socket.isConnected()).isFalse();
      assertThat(socket.send(SocketCodec.event("more"))).isFalse();
      assertThat(server.engine().stats().connections()).isZero();
      assertThat(stalled.readsToTheEnd()).isTrue();
    }
  }

  @Test
  void aClientThatDoesNotPollIsCutOffAndCanComeBack() throws Exception {
    try (RawHttp http = new RawHttp(server)) {
      String sid = http.open();
      http.post(sid, "40");
      SocketIoSocket socket = handler.nextSocket();

      assertThat(flood(socket)).isLessThan(BOUND / 150);
      assertThat(handler.nextEnd()).isEqualTo(DisconnectReason.SLOW_CONSUMER);
      assertThat(http.poll(sid).statusCode()).isEqualTo(400);
      assertThat(http.post(http.open(), "40").statusCode()).isEqualTo(200);
    }
  }

  @Test
  void othersInTheRoomGetEverything() throws Exception {
    try (StalledSocket stalled = StalledSocket.join(server);
        RawSocket reader = RawSocket.join(server)) {
      SocketIoSocket first = handler.nextSocket();
      SocketIoSocket second = handler.nextSocket();
      assertThat(first.join("r") && second.join("r")).isTrue();
      SocketIoServer sender = server.bean(SocketIoServer.class);
      int sent = 0;
      // The kernels take some megabytes, on some machines many.
      while (sent < 30_000 || first.isConnected()) {
        sender.sendToRoom("r", SocketCodec.event("n", sent, "x".repeat(300)));
        if (sent % 100 == 0) {
          assertThat(second.awaitDrained(Duration.ofSeconds(30))).isTrue();
        }
        sent++;
      }

      assertThat(handler.nextEnd()).isEqualTo(DisconnectReason.SLOW_CONSUMER);
      for (int i = 0; i < sent; i++) {
        assertThat(reader.next()).startsWith("42[\"n\"," + i + ",");
      }
      assertThat(stalled.readsToTheEnd()).isTrue();
    }
  }

  @Test
  void aSenderOfMuchCanWaitForTheClient() throws Exception {
    try (RawSocket reader = RawSocket.join(server)) {
      SocketIoSocket socket = handler.nextSocket();
      int sent = 50_000;
      String text = "x".repeat(150);
      Thread sender =
          Thread.startVirtualThread(
              () -> {
                try {
                  for (int i = 0; i < sent; i++) {
                    if (i % 100 == 0 && !socket.awaitDrained(Duration.ofSeconds(30))) {
                      return;
                    }
                    socket.send(SocketCodec.event("n", i, text));
                  }
                } catch (InterruptedException e) {
                  Thread.currentThread().interrupt();
                }
              });
      for (int i = 0; i < sent; i++) {
        assertThat(reader.next()).startsWith("42[\"n\"," + i + ",");
      }
      sender.join();
      assertThat(socket.isConnected()).isTrue();
    }
  }

  @Test
  void waitingEndsWhenTheClientGoes() throws Exception {
    try (StalledSocket stalled = StalledSocket.join(server)) {
      SocketIoSocket socket = handler.nextSocket();
      EncodedPacket large = SocketCodec.event("x", "x".repeat(BOUND / 3));
      // The kernels take some megabytes, and not all of them at once.
      while (socket.awaitDrained(Duration.ofSeconds(2))) {
        assertThat(socket.send(large)).isTrue();
      }
      stalled.close();

      assertThat(socket.awaitDrained(Duration.ofSeconds(30))).isFalse();
      assertThat(handler.nextEnd()).isEqualTo(DisconnectReason.TRANSPORT_CLOSED);
    }
  }
}
