// SPDX-License-Identifier: MIT

package io.agentruntime.app.gateway.socketio;

import static org.assertj.core.api.Assertions.assertThat;

import io.agentruntime.app.gateway.EchoSocketIo;
import io.agentruntime.app.gateway.GatewayServer;
import io.agentruntime.app.gateway.RawSocket;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * What the authors of the Socket.IO protocol ask of every server, as far as no other test here
 * shows it, with a server that sends everything back.
 */
final class SocketConformanceTest {
  private static GatewayServer server;

  @BeforeAll
  static void start() {
    server = GatewayServer.start(new EchoSocketIo(), Map.of());
  }

  @AfterAll
  static void stop() {
    server.close();
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "40                         | 40{\"sid\":\"         | 42[\"auth\",{}]",
        "40{\"token\":\"123\"}      | 40{\"sid\":\"         | 42[\"auth\",{\"token\":\"123\"}]",
        "40/custom,                 | 40/custom,{\"sid\":\" | 42/custom,[\"auth\",{}]",
        "40/custom,{\"token\":\"é\"} | 40/custom,{\"sid\":\" |"
            + " 42/custom,[\"auth\",{\"token\":\"é\"}]",
      })
  void aNamespaceIsJoinedWithWhateverTheClientSays(String connect, String answer, String auth)
      throws Exception {
    try (RawSocket socket = RawSocket.open(server)) {
      socket.send(connect);
      assertThat(socket.next()).startsWith(answer);
      assertThat(socket.next()).isEqualTo(auth);
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"4abc", "40{\"unfinished\":", "40[]", "4"})
  void whoDoesNotJoinProperlyIsSentAway(String connect) throws Exception {
    try (RawSocket socket = RawSocket.open(server)) {
      socket.send(connect);
      assertThat(socket.closeCode()).isEqualTo(1002);
    }
  }

  @Test
  void whoLeavesItsOnlyNamespaceIsSentAwayInTime() throws Exception {
    Map<String, Object> hasty = Map.of("connect-timeout", "3s");
    try (GatewayServer impatient = GatewayServer.start(new EchoSocketIo(), hasty);
        RawSocket socket = RawSocket.join(impatient)) {
      socket.send("41");
      assertThat(socket.closeCode()).isEqualTo(1008);
    }
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "42[\"message\",1,\"2\",{\"3\":[true]}]    | 42[\"message-back\",1,\"2\",{\"3\":[true]}]",
        "42456[\"message\",1,\"2\",{\"3\":[false]}] | 43456[1,\"2\",{\"3\":[false]}]",
        "421[\"message\"]                         | 431[]",
      })
  void eventsAndTheirArgumentsComeBack(String event, String answer) throws Exception {
    try (RawSocket socket = RawSocket.join(server)) {
      socket.send(event);
      assertThat(socket.next()).isEqualTo(answer);
    }
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "452-[\"message\",TWO]    | 452-[\"message-back\",TWO]",
        "452-789[\"message\",TWO] | 462-789[TWO]",
      })
  void attachmentsComeBackInTheirPlaces(String event, String answer) throws Exception {
    String two = "{\"_placeholder\":true,\"num\":0},{\"_placeholder\":true,\"num\":1}";
    try (RawSocket socket = RawSocket.join(server)) {
      socket.send(event.replace("TWO", two));
      socket.send(new byte[] {1, 2, 3});
      socket.send(new byte[] {4, 5, 6});

      assertThat(socket.next()).isEqualTo(answer.replace("TWO", two));
      assertThat(socket.nextBytes()).containsExactly(1, 2, 3);
      assertThat(socket.nextBytes()).containsExactly(4, 5, 6);
    }
  }
}
