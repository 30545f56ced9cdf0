// SPDX-License-Identifier: MIT

package io.agentruntime.app.gateway.stream;

import static org.assertj.core.api.Assertions.assertThat;

import io.agentruntime.app.TestServer;
import io.agentruntime.app.TestServer.Reply;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Following a session's log over real HTTP, whatever the transport. */
final class SessionStreamsHttpTest {
  private static TestServer server;

  /** How the log comes. */
  enum Transport {
    SSE {
      @Override
      StreamClient after(String session, long seq) throws Exception {
        return SseClient.after(server, session, seq);
      }
    },
    WEBSOCKET {
      @Override
      StreamClient after(String session, long seq) throws Exception {
        return SocketStreamClient.after(server, session, seq);
      }
    };

    abstract StreamClient after(String session, long seq) throws Exception;
  }

  @BeforeAll
  static void start(@TempDir Path folder) throws InterruptedException {
    server = TestServer.startWithSlowAgent(folder, Map.of(), Duration.ofMillis(5));
  }

  @AfterAll
  static void stop() {
    server.close();
  }

  @ParameterizedTest
  @EnumSource
  void fromEveryPlaceExactlyWhatFollowsItIsTold(Transport transport) throws Exception {
    String session = server.createSession();
    server.turn(session, "think first then stream 10 then write a.txt one then say last");
    List<Map<String, Object>> all = log(session);
    long last = StreamClient.seqOf(all.getLast());

    for (long place = 0; place < last; place++) {
      long after = place;
      try (StreamClient client = transport.after(session, place)) {
        assertThat(client.upTo(last))
            .as("after %d", place)
            .isEqualTo(all.stream().filter(e -> StreamClient.seqOf(e) > after).toList());
      }
    }
  }

  @ParameterizedTest
  @EnumSource
  void whoReconnectsAfterEachEventOfARunningTurnGetsAllOnceAndInOrder(Transport transport)
      throws Exception {
    String session = server.createSession();
    server.call(
        "POST", "/sessions/" + session + "/message", Map.of("content", "stream 15 then say end"));

    List<Map<String, Object>> got = new ArrayList<>();
    do {
      long place = got.isEmpty() ? 0 : StreamClient.seqOf(got.getLast());
      try (StreamClient client = transport.after(session, place)) {
        got.add(client.next());
      }
    } while (!"TurnCompleted".equals(got.getLast().get("type")));

    long last = StreamClient.seqOf(got.getLast());
    assertThat(got)
        .isEqualTo(log(session).stream().filter(e -> StreamClient.seqOf(e) <= last).toList());
    assertThat(got).extracting(e -> e.get("type")).contains("BlockDelta", "BlockCompleted");
  }

  @ParameterizedTest
  @EnumSource
  void aPlaceThatTheLogDoesNotHaveGetsTheStateAndThenWhatHappens(Transport transport)
      throws Exception {
    String session = server.createSession();
    server.turn(session, "say before");

    try (StreamClient client = transport.after(session, 1_000_000)) {
      Map<String, Object> reset = client.next();
      assertThat(reset).containsEntry("type", "reset").containsKey("seq");
      assertThat(reset.get("session")).asString().contains("before").contains(session);

      server.turn(session, "say after");
      List<Map<String, Object>> all = log(session);
      long last = StreamClient.seqOf(all.getLast());
      assertThat(client.upTo(last))
          .isEqualTo(
              all.stream().filter(e -> StreamClient.seqOf(e) > StreamClient.seqOf(reset)).toList());
    }
  }

  @ParameterizedTest
  @EnumSource
  void aStreamOutlivesTheUnloadingOfItsSession(Transport transport) throws Exception {
    String session = server.createSession();
    server.turn(session, "say one");

    try (StreamClient client = transport.after(session, 0)) {
      client.upTo(StreamClient.seqOf(log(session).getLast()));
      assertThat(server.call("DELETE", "/sessions/" + session, null).status()).isEqualTo(200);
      assertThat(server.runtime().sessions().loaded())
          .noneMatch(loaded -> loaded.id().value().equals(session));
      server.turn(session, "say two");

      List<Map<String, Object>> seen = client.upTo(StreamClient.seqOf(log(session).getLast()));
      assertThat(seen.toString()).contains("two").doesNotContain("one");
      assertThat(seen).extracting(e -> e.get("type")).doesNotContain("reset", "end");
    }
  }

  @ParameterizedTest
  @EnumSource
  void whoFollowsASessionThatIsRemovedIsToldSo(Transport transport) throws Exception {
    String session = server.createSession();
    server.turn(session, "say one");

    try (StreamClient client = transport.after(session, 0)) {
      client.upTo(StreamClient.seqOf(log(session).getLast()));
      server.call("DELETE", "/sessions/" + session + "?purge=true", null);

      Map<String, Object> frame = client.next();
      while (!"end".equals(frame.get("type"))) {
        frame = client.next();
      }
      assertThat(frame)
          .containsEntry("code", "SESSION_NOT_FOUND")
          .containsEntry("retryable", false);
      client.awaitEnd();
    }
  }

  @Test
  void pagesAndStreamsShowTheSameEvents() throws Exception {
    String session = server.createSession();
    server.turn(session, "say same");

    Reply page = server.call("GET", "/api/sessions/" + session + "/events?after=2&limit=3", null);

    try (StreamClient client = Transport.SSE.after(session, 2)) {
      for (Map<String, Object> event : page.list("events")) {
        assertThat(client.next()).isEqualTo(event);
      }
    }
  }

  /** The whole log as its pages show it. */
  private static List<Map<String, Object>> log(String session) throws Exception {
    return server.call("GET", "/sessions/" + session + "/events?limit=5000", null).list("events");
  }
}
