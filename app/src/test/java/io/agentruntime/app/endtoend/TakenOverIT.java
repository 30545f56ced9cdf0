// SPDX-License-Identifier: MIT

package io.agentruntime.app.endtoend;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.agentruntime.app.gateway.Await;
import io.agentruntime.scriptedmodel.ScriptedModel;
import io.agentruntime.scriptedmodel.ScriptedModelOptions;
import io.agentruntime.testkit.requirement.RequiresClaude;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** A server stands still for longer than its leases, and another one takes its session over. */
@RequiresClaude
@Timeout(300)
final class TakenOverIT {
  private static final Duration PATIENCE = Duration.ofSeconds(120);
  private static final long PAUSE_NANOS = 200_000_000;
  private static final long QUIET_NANOS = 3_000_000_000L;
  private static final List<String> ENDS =
      List.of("TurnCompleted", "TurnFailed", "TurnInterrupted");

  @Test
  void theFirstServerWritesNothingMoreSaysSoAndLetsGo(@TempDir Path folder) throws Exception {
    try (ScriptedModel model = ScriptedModel.start(ScriptedModelOptions.defaults());
        ServerProcess first = ServerProcess.start(folder.resolve("first"), start(folder, model));
        ServerProcess second =
            ServerProcess.start(folder.resolve("second"), start(folder, model))) {
      String session = first.createSession();
      String known = first.send(session, "My word is rowan.");
      awaitEnd(first, session, known);
      String message = first.send(session, "[[bash:echo it runs]][[wait:100000]]");
      awaitTool(first, session);
      assertThat(first.sandboxesOf(session)).hasSize(1);
      long before = lastSeq(first, session);

      String next = takeOver(first, second, session);
      assertThat(awaitEnd(second, session, message)).isEqualTo("TurnFailed SANDBOX_LOST");
      assertThat(awaitEnd(second, session, next)).startsWith("TurnCompleted");
      List<JsonNode> left = events(second, session);
      first.signal("CONT");

      // It says so, ends what nobody can use any more, and answers for the session no longer.
      Await.until(
          () -> first.log().matches("(?s).*ERROR[^\n]*session " + session + ":[^\n]*(another).*"),
          "the first server says that it lost the session");
      Await.until(() -> sandboxes(first, session) == 0, "the first server's sandbox ends");
      HttpResponse<byte[]> refused =
          first.call("POST", "/api/sessions/" + session + "/messages", Map.of("content", "Still?"));
      assertThat(refused.statusCode()).isEqualTo(409);
      assertThat(new String(refused.body(), StandardCharsets.UTF_8)).contains("FENCED");

      // The second one's log is as it left it (it stores its transcript when it likes), and goes
      // on.
      List<JsonNode> now = events(second, session);
      assertThat(now).startsWith(left.toArray(JsonNode[]::new)).hasSizeGreaterThan((int) before);
      assertThat(now.subList(left.size(), now.size()))
          .extracting(event -> event.path("type").asText())
          .allMatch("TranscriptSaved"::equals);
      String recalled = second.send(session, "[[recall]]");
      assertThat(awaitEnd(second, session, recalled)).startsWith("TurnCompleted");
      assertThat(second.get("/api/sessions/" + session).path("blocks").toString())
          .contains("- My word is rowan.");
      assertThat(events(second, session))
          .extracting(event -> event.path("seq").asLong())
          .isSorted()
          .doesNotHaveDuplicates();
    }
  }

  /** Two servers with folders of their own and one database; leases of six seconds. */
  private static ServerProcess.Start start(Path folder, ScriptedModel model) {
    return new ServerProcess.Start(
        "local",
        Map.of(
            "AGENT_RUNTIME_PERSISTENCE",
            "jdbc",
            "AGENT_RUNTIME_PERSISTENCE_JDBC_URL",
            "jdbc:sqlite:" + folder.resolve("store.db"),
            "AGENT_RUNTIME_LEASE_MS",
            "6000",
            "ANTHROPIC_API_KEY",
            "a-key-for-the-scripted-model",
            "ANTHROPIC_BASE_URL",
            model.baseUri().toString()),
        List.of());
  }

  /** Stops the first server and sends a message to the second until that takes it; its id. */
  private static String takeOver(ServerProcess first, ServerProcess second, String session)
      throws Exception {
    // What it has to store is stored then, so that it hardly ever stops while it holds a lock.
    LockSupport.parkNanos(QUIET_NANOS);
    first.signal("STOP");
    long deadline = System.nanoTime() + PATIENCE.toNanos();
    while (System.nanoTime() < deadline) {
      HttpResponse<byte[]> reply =
          second.call(
              "POST", "/api/sessions/" + session + "/messages", Map.of("content", "Go on."));
      if (reply.statusCode() == 200) {
        return ServerProcess.json(reply, "message").path("messageId").asText();
      }
      String text = new String(reply.body(), StandardCharsets.UTF_8);
      assertThat(text).containsAnyOf("FENCED", "STORE_UNAVAILABLE");
      if (text.contains("STORE_UNAVAILABLE")) {
        // It was stopped in the middle of a transaction, which holds SQLite's only lock.
        first.signal("CONT");
        LockSupport.parkNanos(QUIET_NANOS);
        first.signal("STOP");
      }
      LockSupport.parkNanos(PAUSE_NANOS);
    }
    throw new AssertionError("not taken over; the second server says: " + second.log());
  }

  private static void awaitTool(ServerProcess server, String session) {
    Await.until(
        () ->
            events(server, session).stream()
                .anyMatch(
                    event ->
                        event.path("type").asText().equals("BlockUpdated")
                            && event.toString().contains("echo it runs")),
        "the tool runs");
  }

  private static String awaitEnd(ServerProcess server, String session, String message) {
    Await.until(() -> end(server, session, message) != null, "the end of " + message);
    return String.valueOf(end(server, session, message));
  }

  private static String end(ServerProcess server, String session, String message) {
    return events(server, session).stream()
        .filter(event -> ENDS.contains(event.path("type").asText()))
        .filter(event -> event.at("/event/messageId").asText().equals(message))
        .map(event -> event.path("type").asText() + " " + event.at("/event/code").asText())
        .findFirst()
        .orElse(null);
  }

  private static List<JsonNode> events(ServerProcess server, String session) {
    try {
      List<JsonNode> events = new java.util.ArrayList<>();
      server
          .get("/api/sessions/" + session + "/events?limit=5000")
          .path("events")
          .forEach(events::add);
      return events;
    } catch (java.io.IOException e) {
      throw new java.io.UncheckedIOException(e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException(e);
    }
  }

  private static long lastSeq(ServerProcess server, String session) throws Exception {
    return server.get("/api/sessions/" + session).path("lastSeq").asLong();
  }

  private static int sandboxes(ServerProcess server, String session) {
    try {
      return server.sandboxesOf(session).size();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException(e);
    }
  }
}
