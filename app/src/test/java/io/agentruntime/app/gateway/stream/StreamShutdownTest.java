// SPDX-License-Identifier: MIT

package io.agentruntime.app.gateway.stream;

import static org.assertj.core.api.Assertions.assertThat;

import io.agentruntime.app.TestServer;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What streams see of a server that stops. */
final class StreamShutdownTest {
  @Test
  void everyoneIsToldThatTheServerStops(@TempDir Path folder) throws Exception {
    TestServer server = TestServer.start(folder, Map.of());
    try (TestServer closing = server) {
      String session = closing.createSession();
      closing.turn(session, "say one");
      try (SseClient events = SseClient.after(closing, session, 0);
          SocketStreamClient socket = SocketStreamClient.after(closing, session, 0)) {
        assertThat(events.next()).containsEntry("type", "TurnQueued");
        assertThat(socket.next()).containsEntry("type", "TurnQueued");
        closing.close();

        for (StreamClient client : new StreamClient[] {events, socket}) {
          Map<String, Object> frame = client.next();
          while (!"end".equals(frame.get("type"))) {
            frame = client.next();
          }
          assertThat(frame).containsEntry("code", "SHUTTING_DOWN").containsEntry("retryable", true);
          client.awaitEnd();
        }
        assertThat(socket.closeCode()).isEqualTo(1001);
      }
    }
  }
}
