// SPDX-License-Identifier: MIT

package io.agentruntime.app.gateway.stream;

import static org.assertj.core.api.Assertions.assertThat;

import io.agentruntime.app.TestServer;
import io.agentruntime.app.TestServer.Reply;
import io.agentruntime.app.gateway.Await;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What is particular to server-sent events. */
final class EventStreamsHttpTest {
  private static final String ACCEPT = "text/event-stream";
  private static TestServer server;

  @BeforeAll
  static void start(@TempDir Path folder) throws InterruptedException {
    server =
        TestServer.start(
            folder,
            Map.of(
                "AGENT_RUNTIME_CORS_ORIGINS", "https://app.example",
                "AGENT_RUNTIME_GATEWAY_PING_INTERVAL", "200ms",
                "AGENT_RUNTIME_GATEWAY_STREAM_PATIENCE", "500ms",
                "AGENT_RUNTIME_GATEWAY_CLOSE_TIMEOUT", "25s",
                "AGENT_RUNTIME_GATEWAY_MAX_SESSION_STREAMS", "3"));
  }

  @AfterAll
  static void stop() {
    server.close();
  }

  @Test
  void theHeadersSayWhatItIs() throws Exception {
    try (SseClient client = SseClient.after(server, server.createSession(), 0)) {
      assertThat(client.response().statusCode()).isEqualTo(200);
      assertThat(client.response().headers().firstValue("content-type").orElse(""))
          .startsWith(ACCEPT);
      assertThat(client.response().headers().firstValue("cache-control")).contains("no-store");
    }
  }

  @Test
  void aPageInABrowserComesBackAsBrowsersDo() throws Exception {
    String session = server.createSession();
    server.turn(session, "say one");
    String path = "/sessions/" + session + "/events?after=1&apiKey=" + TestServer.KEY;

    List<Map<String, Object>> seen = new ArrayList<>();
    try (SseClient client = SseClient.open(server, path, "Origin", "https://app.example")) {
      assertThat(client.response().headers().firstValue("access-control-allow-origin"))
          .contains("https://app.example");
      seen.add(client.next());
      seen.add(client.next());
    }
    String lastEventId = Long.toString(StreamClient.seqOf(seen.getLast()));
    // The same URL again, with the place that was reached.
    try (SseClient client =
        SseClient.open(
            server, path, "Origin", "https://app.example", "Last-Event-ID", lastEventId)) {
      seen.add(client.next());
      assertThat(Await.next(client.ids(), "the frame's id"))
          .isEqualTo(Long.toString(StreamClient.seqOf(seen.getLast())));
    }

    List<Map<String, Object>> log =
        server.call("GET", "/sessions/" + session + "/events?after=1", null).list("events");
    assertThat(seen).isEqualTo(log.subList(0, 3));
  }

  @Test
  void aClientThatAsksForCompressionSeesEventsWhenTheyHappen() throws Exception {
    String session = server.createSession();
    try (SseClient client =
        SseClient.open(
            server,
            "/sessions/" + session + "/events",
            "Accept-Encoding",
            "gzip, deflate, br",
            "x-api-key",
            TestServer.KEY)) {
      server.turn(session, "say hello");
      assertThat(client.next()).containsEntry("type", "TurnQueued");
    }
  }

  @Test
  void withoutTheKeyNothingIsSaid() throws Exception {
    String path = "/sessions/" + server.createSession() + "/events";

    assertThat(server.raw("GET", path, null, "Accept", ACCEPT).text("code"))
        .isEqualTo("AUTH_REQUIRED");
    assertThat(server.raw("GET", path + "?apiKey=wrong", null, "Accept", ACCEPT).text("code"))
        .isEqualTo("INVALID_API_KEY");
  }

  @Test
  void otherRoutesDoNotTakeTheKeyFromTheQuery() throws Exception {
    assertThat(server.raw("GET", "/sessions?apiKey=" + TestServer.KEY, null).status())
        .isEqualTo(401);
  }

  @Test
  void anUnknownSessionOrAWrongPlaceIsRefusedBeforeTheStreamBegins() throws Exception {
    assertThat(server.call("GET", "/sessions/nobody/events", null, "Accept", ACCEPT).text("code"))
        .isEqualTo("SESSION_NOT_FOUND");
    String path = "/sessions/" + server.createSession() + "/events";
    for (String after : List.of("-1", "x", "1.5", "9999999999999999999")) {
      Reply reply = server.call("GET", path + "?after=" + after, null, "Accept", ACCEPT);
      assertThat(reply.status()).isEqualTo(400);
      assertThat(reply.text("code")).isEqualTo("INVALID_ARGUMENT");
      assertThat(reply.text("error")).contains("after");
    }
    assertThat(
            server
                .call("GET", path, null, "Accept", ACCEPT, "Last-Event-ID", "evt-1")
                .text("error"))
        .contains("Last-Event-ID");
  }

  @Test
  void thereAreOnlySoManyStreamsOfASession() throws Exception {
    String session = server.createSession();
    try (SseClient one = SseClient.after(server, session, 0);
        SseClient two = SseClient.after(server, session, 0);
        SseClient three = SseClient.after(server, session, 0)) {
      Reply refused =
          server.call("GET", "/sessions/" + session + "/events", null, "Accept", ACCEPT);

      assertThat(refused.status()).isEqualTo(429);
      assertThat(refused.text("code")).isEqualTo("TOO_MANY_STREAMS");
      assertThat(refused.header("retry-after")).isNotEmpty();
      assertThat(List.of(one, two, three))
          .allMatch(client -> client.response().statusCode() == 200);
    }
    // Each of them has left, which the server notices.
    Await.until(
        () -> {
          try (SseClient again = SseClient.after(server, session, 0)) {
            return again.response().statusCode() == 200;
          } catch (Exception e) {
            throw new AssertionError(e);
          }
        },
        "there is room again");
  }

  @Test
  void whoReadsNothingIsCutOffIsToldWhyAndComesBack() throws Exception {
    String session = server.createSession();
    Await.until(() -> server.streams() == 0, "earlier streams have ended");
    try (StalledReader stalled =
        new StalledReader(server, "/sessions/" + session + "/events", "Accept: " + ACCEPT)) {
      stalled.isCutOffAndComesBack(session);
    }
  }
}
