// SPDX-License-Identifier: MIT

package io.agentruntime.app.gateway.engine;

import static org.assertj.core.api.Assertions.assertThat;

import io.agentruntime.app.gateway.EchoSocketIo;
import io.agentruntime.app.gateway.GatewayServer;
import io.agentruntime.app.gateway.RawSocket;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

final class WebSocketTest {
  private EchoSocketIo handler;
  private GatewayServer server;

  @BeforeEach
  void start() {
    handler = new EchoSocketIo();
    server = GatewayServer.start(handler, Map.of());
  }

  @AfterEach
  void stop() {
    server.close();
  }

  @Test
  void aMessageMayComeInFragments() throws Exception {
    try (RawSocket socket = RawSocket.join(server)) {
      socket.sendPart("42[\"m\",\"é", false);
      socket.sendPart("€", false);
      socket.sendPart("😀\"]", true);

      assertThat(socket.next()).isEqualTo("42[\"m-back\",\"é€😀\"]");
    }
  }

  @Test
  void aMessageOfTheAllowedLengthIsTaken() throws Exception {
    try (RawSocket socket = RawSocket.join(server)) {
      String packet = "42[\"m\",\"" + "x".repeat(1_000_000 - 10) + "\"]";
      socket.send(packet);

      assertThat(socket.next()).hasSize(packet.length() + "-back".length());
    }
  }

  @Test
  void aLongerFrameEndsTheSession() throws Exception {
    try (RawSocket socket = RawSocket.join(server)) {
      socket.send("4" + "x".repeat(1_000_000));

      assertThat(socket.closeCode()).isEqualTo(1009);
      assertThat(handler.nextEnd())
          .isIn(DisconnectReason.MESSAGE_TOO_LONG, DisconnectReason.TRANSPORT_CLOSED);
    }
  }

  @Test
  void aLongerMessageInFragmentsEndsTheSession() throws Exception {
    try (RawSocket socket = RawSocket.join(server)) {
      socket.sendPart("4" + "x".repeat(700_000), false);
      socket.sendPart("x".repeat(700_000), true);

      assertThat(socket.closeCode()).isEqualTo(1009);
      assertThat(handler.nextEnd()).isEqualTo(DisconnectReason.MESSAGE_TOO_LONG);
    }
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "abc          | PARSE_ERROR",
        "4abc         | PARSE_ERROR",
        "42{}         | PARSE_ERROR",
        "42abc[\"m\"] | PARSE_ERROR",
        "42/x,[\"m\"] | PARSE_ERROR",
        "44{}         | PARSE_ERROR",
        "40           | PARSE_ERROR",
        "2            | TRANSPORT_ERROR",
        "2probe       | TRANSPORT_ERROR",
        "0{}          | TRANSPORT_ERROR",
        "1            | TRANSPORT_CLOSED",
      })
  void whatIsNotTheProtocolEndsTheSession(String packet, DisconnectReason reason) throws Exception {
    try (RawSocket socket = RawSocket.join(server)) {
      socket.send(packet);

      assertThat(socket.closeCode()).isEqualTo(reason.closeCode());
      assertThat(handler.nextEnd()).isEqualTo(reason);
    }
  }

  @Test
  void pingsOfTheWebSocketItselfAreAnswered() throws Exception {
    try (RawSocket socket = RawSocket.join(server)) {
      assertThat(socket.ping(new byte[] {1, 2, 3})).containsExactly(1, 2, 3);
      socket.send("42[\"m\"]");
      assertThat(socket.next()).isEqualTo("42[\"m-back\"]");
    }
  }

  @Test
  void aClientMayCloseTheWebSocketItself() throws Exception {
    try (RawSocket socket = RawSocket.join(server)) {
      assertThat(socket.sendClose()).isEqualTo(1000);
      assertThat(handler.nextEnd()).isEqualTo(DisconnectReason.TRANSPORT_CLOSED);
      assertThat(server.engine().stats().connections()).isZero();
    }
  }

  @Test
  void bytesThatNobodyAnnouncedEndTheSession() throws Exception {
    try (RawSocket socket = RawSocket.join(server)) {
      socket.send(new byte[] {1, 2, 3});

      assertThat(socket.closeCode()).isEqualTo(1002);
      assertThat(handler.nextEnd()).isEqualTo(DisconnectReason.PARSE_ERROR);
    }
  }

  @Test
  void packetsWithoutMeaningForAServerAreIgnored() throws Exception {
    try (RawSocket socket = RawSocket.join(server)) {
      socket.send("6");
      socket.send("5");
      socket.send("3");
      socket.send("43999[\"nobody asked\"]");
      socket.send("42[\"m\"]");

      assertThat(socket.next()).isEqualTo("42[\"m-back\"]");
    }
  }

  @Test
  void namespacesOfOneConnectionLiveForThemselves() throws Exception {
    try (RawSocket socket = RawSocket.join(server)) {
      socket.send("40/custom,{\"token\":\"t\"}");
      assertThat(socket.next()).startsWith("40/custom,{\"sid\":");
      assertThat(socket.next()).isEqualTo("42/custom,[\"auth\",{\"token\":\"t\"}]");
      socket.send("41/custom,");
      assertThat(handler.nextEnd()).isEqualTo(DisconnectReason.CLIENT_LEFT);
      socket.send("42[\"m\"]");

      assertThat(socket.next()).isEqualTo("42[\"m-back\"]");
      socket.send("40/elsewhere");
      assertThat(socket.next()).isEqualTo("44/elsewhere,{\"message\":\"Invalid namespace\"}");
    }
  }

  @Test
  void anEventBeforeJoiningEndsTheSession() throws Exception {
    try (RawSocket socket = RawSocket.open(server)) {
      socket.send("42[\"m\"]");
      assertThat(socket.closeCode()).isEqualTo(1002);
    }
  }
}
