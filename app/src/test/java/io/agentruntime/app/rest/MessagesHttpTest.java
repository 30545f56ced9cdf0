// SPDX-License-Identifier: MIT

package io.agentruntime.app.rest;

import static org.assertj.core.api.Assertions.assertThat;

import io.agentruntime.app.TestServer;
import io.agentruntime.app.TestServer.Reply;
import io.agentruntime.model.event.SessionEvent;
import io.agentruntime.model.event.SessionEvent.PermissionRequested;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class MessagesHttpTest {
  private static TestServer server;

  @BeforeAll
  static void start(@TempDir Path folder) throws InterruptedException {
    server = TestServer.start(folder, Map.of());
  }

  @AfterAll
  static void stop() {
    server.close();
  }

  @Test
  void aMessageIsAcceptedUnderEveryNameOfTheRoute() throws Exception {
    String id = server.createSession();

    for (String path :
        List.of("/sessions/" + id + "/message", "/api/sessions/" + id + "/messages")) {
      Reply reply = server.call("POST", path, Map.of("content", "say hi"));
      assertThat(reply.status()).isEqualTo(200);
      assertThat(reply.json()).containsEntry("success", true).containsEntry("sessionId", id);
    }
  }

  @Test
  void whatTheUserSaidComesBackByteForByte() throws Exception {
    String id = server.createSession();
    String text = "say \u00e9\u20ac\ud83d\ude00 \t \"quoted\" \\ \u2028 end";
    server.turn(id, text);

    assertThat(blocks(id).getFirst())
        .containsEntry("type", "user_message")
        .containsEntry("content", text);
  }

  @Test
  void anEmptyMessageIsAMessage() throws Exception {
    String id = server.createSession();
    server.turn(id, "");

    assertThat(blocks(id).getFirst()).containsEntry("content", "");
  }

  @Test
  void aMessageMayHoldImages() throws Exception {
    String id = server.createSession();
    List<Map<String, Object>> parts =
        List.of(
            Map.of("type", "text", "text", "say look"),
            Map.of(
                "type",
                "image",
                "source",
                Map.of("type", "base64", "data", "aGk=", "mediaType", "image/png")));
    server.call("POST", "/sessions/" + id + "/message", Map.of("content", parts));
    server.await(id, SessionEvent.TurnCompleted.class::isInstance);

    assertThat(blocks(id).getFirst()).containsEntry("content", parts);
    assertThat(
            server
                .call(
                    "POST",
                    "/sessions/" + id + "/message",
                    Map.of("content", List.of(Map.of("type", "video"))))
                .status())
        .isEqualTo(400);
  }

  @Test
  void theSameKeyWithTheSameBodyIsOneMessage() throws Exception {
    String id = server.createSession();
    String path = "/sessions/" + id + "/message";
    Reply first = server.call("POST", path, Map.of("content", "say hi"), "Idempotency-Key", "k");
    Reply again = server.call("POST", path, Map.of("content", "say hi"), "Idempotency-Key", "k");
    Reply other = server.call("POST", path, Map.of("content", "say no"), "Idempotency-Key", "k");

    assertThat(again.text("messageId")).isEqualTo(first.text("messageId"));
    assertThat(again.json()).containsEntry("replayed", true);
    assertThat(other.status()).isEqualTo(409);
    assertThat(other.text("code")).isEqualTo("IDEMPOTENCY_CONFLICT");
  }

  @Test
  void aRunningTurnCanBeInterrupted() throws Exception {
    String id = server.createSession();
    server.call("POST", "/sessions/" + id + "/message", Map.of("content", "wait"));
    server.await(id, SessionEvent.TurnStarted.class::isInstance);
    Reply reply = server.call("POST", "/api/sessions/" + id + "/interrupt", null);

    assertThat(reply.json()).containsEntry("success", true).containsEntry("interrupted", true);
    server.await(id, SessionEvent.TurnInterrupted.class::isInstance);
    assertThat(server.call("POST", "/sessions/" + id + "/interrupt", null).json())
        .containsEntry("interrupted", false);
  }

  @Test
  void waitingMessagesCanBeSeenReorderedAndWithdrawn() throws Exception {
    String id = server.createSession();
    String path = "/sessions/" + id + "/message";
    server.call("POST", path, Map.of("content", "wait"));
    server.await(id, SessionEvent.TurnStarted.class::isInstance);
    List<String> waiting = new ArrayList<>();
    for (String text : List.of("say a", "say b", "say c")) {
      waiting.add(server.call("POST", path, Map.of("content", text)).text("messageId"));
    }
    String queue = "/api/sessions/" + id + "/queue";
    assertThat(queued(server.call("GET", queue, null))).isEqualTo(waiting);

    List<String> turned = List.copyOf(waiting.reversed());
    assertThat(queued(server.call("PUT", queue, Map.of("order", turned)))).isEqualTo(turned);
    assertThat(server.call("PUT", queue, Map.of("order", List.of())).status()).isEqualTo(400);

    assertThat(server.call("DELETE", queue + "/" + waiting.get(1), null).status()).isEqualTo(200);
    assertThat(server.call("DELETE", queue + "/" + waiting.get(1), null).text("code"))
        .isEqualTo("MESSAGE_NOT_FOUND");
    assertThat(queued(server.call("GET", queue, null)))
        .containsExactly(waiting.get(2), waiting.get(0));
    server.call("DELETE", "/sessions/" + id + "?purge=true", null);
  }

  @Test
  void aMessageThatMustNotWaitIsRefusedDuringATurn() throws Exception {
    String id = server.createSession();
    String path = "/sessions/" + id + "/message";
    server.call("POST", path, Map.of("content", "wait"));
    Reply reply = server.call("POST", path, Map.of("content", "x", "mode", "reject"));

    assertThat(reply.status()).isEqualTo(409);
    assertThat(reply.text("code")).isEqualTo("TURN_IN_PROGRESS");
    server.call("DELETE", "/sessions/" + id + "?purge=true", null);
  }

  @Test
  void aPermissionIsSeenAndAnsweredOnce() throws Exception {
    String id = server.createSession("asking");
    server.call("POST", "/sessions/" + id + "/message", Map.of("content", "ask Bash"));
    PermissionRequested asked =
        (PermissionRequested) server.await(id, PermissionRequested.class::isInstance).event();
    String requestId = asked.request().requestId();

    assertThat(server.call("GET", "/sessions/" + id + "/permissions", null).body())
        .contains(requestId);
    String path = "/api/sessions/" + id + "/permissions/" + requestId;
    assertThat(server.call("POST", path, Map.of("allowed", "yes")).status()).isEqualTo(400);
    assertThat(server.call("POST", path, Map.of("allowed", true)).status()).isEqualTo(200);
    assertThat(server.call("POST", path, Map.of("allowed", true)).text("code"))
        .isEqualTo("PERMISSION_NOT_FOUND");
    server.await(id, SessionEvent.TurnCompleted.class::isInstance);
  }

  @Test
  void theLogIsReadPageByPageWithoutWhatIsInternal() throws Exception {
    String id = server.createSession();
    server.turn(id, "say one then say two");
    List<Map<String, Object>> all = new ArrayList<>();
    long after = 0;
    boolean more = true;
    while (more) {
      Reply page = server.call("GET", "/sessions/" + id + "/events?limit=3&after=" + after, null);
      all.addAll(page.list("events"));
      more = (boolean) page.value("hasMore");
      after = ((Number) page.value("nextAfter")).longValue();
    }

    assertThat(all)
        .extracting(event -> Long.parseLong(String.valueOf(event.get("seq"))))
        .isSorted();
    assertThat(all)
        .extracting(event -> event.get("type"))
        .contains("TurnQueued", "TurnStarted", "BlockCompleted", "TurnCompleted")
        .doesNotContain("InputApplied", "TranscriptSaved", "NativeSessionBound");
    assertThat(server.call("GET", "/sessions/" + id + "/events?limit=0", null).status())
        .isEqualTo(400);
  }

  @Test
  void aWholeTurnIsVisibleInBothShapes() throws Exception {
    String id = server.createSession();
    server.turn(id, "think hm then write a.txt hello then subagent deep then say done");
    Reply view = server.call("GET", "/sessions/" + id, null);

    assertThat(blocks(id))
        .extracting(block -> block.get("type"))
        .contains("user_message", "thinking", "tool_use", "tool_result", "assistant_text");
    assertThat(blocks(id))
        .filteredOn(block -> "tool_use".equals(block.get("type")))
        .allSatisfy(block -> assertThat(block).containsEntry("status", "success"));
    assertThat(view.value("conversationState").toString()).contains("toolStatus=success");
    assertThat(view.value("subagents").toString()).contains("deep").contains("status=completed");
    assertThat(view.value("totals").toString())
        .contains("inputTokens=10")
        .contains("costUSD=0.001");
    assertThat(view.value("workspaceFiles").toString()).contains("content=hello");
  }

  private static List<Map<String, Object>> blocks(String id) throws Exception {
    return server.call("GET", "/sessions/" + id, null).list("blocks");
  }

  private static List<String> queued(Reply reply) {
    return reply.list("queue").stream().map(message -> (String) message.get("messageId")).toList();
  }
}
