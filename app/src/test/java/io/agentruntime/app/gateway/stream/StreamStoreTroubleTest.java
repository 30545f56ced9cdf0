// SPDX-License-Identifier: MIT

package io.agentruntime.app.gateway.stream;

import static org.assertj.core.api.Assertions.assertThat;

import io.agentruntime.app.TestServer;
import io.agentruntime.app.gateway.Await;
import io.agentruntime.persistence.memory.InMemoryPersistenceAdapter;
import io.agentruntime.testkit.persistence.FaultyPersistence;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What streams see of a store that fails in the middle of a turn. */
final class StreamStoreTroubleTest {
  @Test
  void itIsToldThatTheStoreFailsAndWorksAgainAndNothingIsMissing(@TempDir Path folder)
      throws Exception {
    FaultyPersistence store = new FaultyPersistence(new InMemoryPersistenceAdapter());
    try (TestServer server = TestServer.startOn(store, folder)) {
      String session = server.createSession();
      server.turn(session, "say before");
      try (StreamClient events = SseClient.after(server, session, 0);
          StreamClient socket = SocketStreamClient.after(server, session, 0)) {
        for (StreamClient client : List.of(events, socket)) {
          until(client, "TurnCompleted");
        }
        store.failAppends();
        CompletableFuture<Integer> sent = send(server, session);
        for (StreamClient client : List.of(events, socket)) {
          assertThat(until(client, "store-failing").getLast())
              .containsEntry("code", "STORE_UNAVAILABLE")
              .doesNotContainKey("seq");
        }
        try (StreamClient newcomer = SseClient.after(server, session, 0)) {
          until(newcomer, "store-failing");
          store.heal();
          for (StreamClient client : List.of(events, socket, newcomer)) {
            until(client, "store-recovered");
            assertThat(until(client, "TurnCompleted").toString()).contains("after");
          }
        }
        assertThat(Await.result(sent, "the answer to the message")).isEqualTo(200);
      }
    }
  }

  private static List<Map<String, Object>> until(StreamClient client, String type)
      throws InterruptedException {
    List<Map<String, Object>> read = new ArrayList<>();
    do {
      read.add(client.next());
    } while (!type.equals(read.getLast().get("type")));
    return read;
  }

  private static CompletableFuture<Integer> send(TestServer server, String session) {
    CompletableFuture<Integer> status = new CompletableFuture<>();
    Thread.ofVirtual()
        .start(
            () -> {
              try {
                status.complete(
                    server
                        .call(
                            "POST",
                            "/sessions/" + session + "/message",
                            Map.of("content", "say after"))
                        .status());
              } catch (Exception e) {
                status.completeExceptionally(e);
              }
            });
    return status;
  }
}
