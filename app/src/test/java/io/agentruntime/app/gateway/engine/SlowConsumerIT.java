// SPDX-License-Identifier: MIT

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
import java.lang.management.ManagementFactory;
import java.time.Duration;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestReporter;

final class SlowConsumerIT {
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
      if (taken % 500 == 0) {
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
  void whileTwoHundredThousandDeltasPassItCostsLessThanTenMegabytes(TestReporter reporter)
      throws Exception {
    try (GatewayServer usual = GatewayServer.start(handler, Map.of());
        StalledSocket stalled = StalledSocket.join(usual)) {
      SocketIoSocket socket = handler.nextSocket();
      EngineConnection connection = usual.engine().find(stalled.sid()).orElseThrow();
      long before = usedHeap();
      int sent = 0;
      // As full as it may be: the next ones end it.
      while (connection.outboxBytes() < 4_000_000 - 1_000) {
        assertThat(socket.send(delta(sent++))).isTrue();
        if (sent % 2_000 == 0) {
          socket.awaitDrained(Duration.ofMillis(100));
        }
      }
      long full = usedHeap() - before;
      while (sent < 200_000) {
        socket.send(delta(sent++));
      }
      assertThat(handler.nextEnd()).isEqualTo(DisconnectReason.SLOW_CONSUMER);
      long after = usedHeap() - before;

      reporter.publishEntry("bytes of heap before it is cut off", "" + full);
      reporter.publishEntry("bytes of heap after it was cut off", "" + after);
      assertThat(full).isLessThan(10_000_000);
      assertThat(after).isLessThan(full / 2);
    }
  }

  private static EncodedPacket delta(int number) {
    return SocketCodec.event(
        "session:block:delta",
        Map.of(
            "sessionId",
            "0d4c0f6e-7f2b-4f3c-9a55-8a4f6f0f4a10",
            "conversationId",
            "main",
            "blockId",
            "block-" + number,
            "delta",
            "x".repeat(60)));
  }

  /** What is in use when nothing more can be freed. */
  private static long usedHeap() {
    long least = Long.MAX_VALUE;
    for (int i = 0; i < 5; i++) {
      System.gc();
      least = Math.min(least, ManagementFactory.getMemoryMXBean().getHeapMemoryUsage().getUsed());
    }
    return least;
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
