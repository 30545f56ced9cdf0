// SPDX-License-Identifier: MIT

package io.agentruntime.app.rest;

import static org.assertj.core.api.Assertions.assertThat;

import io.agentruntime.app.TestServer;
import io.agentruntime.app.TestServer.Reply;
import io.agentruntime.spi.architecture.AgentArchitecture;
import java.nio.file.Path;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.ServiceLoader;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class SessionsHttpTest {
  private static final Map<String, Object> WISH =
      Map.of("agentProfileRef", "default", "architecture", "scripted");

  private static TestServer server;

  @BeforeAll
  static void start(@TempDir Path folder) throws InterruptedException {
    server =
        TestServer.start(
            folder,
            Map.of(
                "AGENT_RUNTIME_MAX_INLINE_FILE_BYTES", "10",
                "AGENT_RUNTIME_MAX_INLINE_TOTAL_BYTES", "25"));
  }

  @AfterAll
  static void stop() {
    server.close();
  }

  @Test
  void theSpecificationsRouteSaysThatTheSandboxIsBeingBuilt() throws Exception {
    Reply reply = server.call("POST", "/sessions/create", WISH);

    assertThat(reply.status()).isEqualTo(201);
    assertThat(reply.json())
        .containsEntry("status", "building-sandbox")
        .containsKeys("sessionId", "createdAt", "runtime", "sessionOptions");
  }

  /** Built-in ones are found on the class path; none of them starts anything yet. */
  @Test
  void sessionsOfAllArchitecturesAreCreatedAtOnce() throws Exception {
    List<String> all =
        ServiceLoader.load(AgentArchitecture.class).stream().map(each -> each.get().id()).toList();
    assertThat(all).contains("acp", "claude-agent-sdk", "gemini-cli");
    Map<String, Object> program = Map.of("command", List.of("some-agent", "--acp"));
    try (var together = Executors.newVirtualThreadPerTaskExecutor()) {
      List<Future<Reply>> replies =
          all.stream()
              .map(
                  architecture ->
                      together.submit(
                          () ->
                              server.call(
                                  "POST",
                                  "/api/sessions",
                                  Map.of(
                                      "agentProfileRef",
                                      "default",
                                      "architecture",
                                      architecture,
                                      "sessionOptions",
                                      Map.of("acp", program)))))
              .toList();
      for (Future<Reply> reply : replies) {
        assertThat(reply.get().status()).as(reply.get().body()).isEqualTo(201);
      }
    }
  }

  @Test
  void aProgramThatIsNotConfiguredIsRefusedByTheField() throws Exception {
    Reply reply =
        server.call(
            "POST", "/api/sessions", Map.of("agentProfileRef", "default", "architecture", "acp"));

    assertThat(reply.status()).isEqualTo(400);
    assertThat(reply.text("error")).contains("sessionOptions.acp.command");
  }

  @Test
  void theReactClientsRouteAnswersWithTheRuntime() throws Exception {
    Reply reply = server.call("POST", "/api/sessions", WISH);

    assertThat(reply.status()).isEqualTo(201);
    assertThat(reply.body())
        .contains("\"runtime\":{\"isLoaded\":true,\"sandbox\":null,\"executionEnvironment\":null")
        .contains("\"sessionOptions\":{}");
    assertThat(reply.value("createdAt")).isInstanceOf(Long.class);
  }

  @Test
  void aNewSessionHasNoSandbox() throws Exception {
    Reply reply = server.call("GET", "/sessions/" + server.createSession(), null);

    assertThat(reply.json())
        .containsEntry("status", "inactive")
        .containsEntry("lastSeq", 0)
        .containsEntry("blocks", List.of())
        .containsEntry("subagents", List.of())
        .containsEntry("workspaceFiles", List.of())
        .containsEntry("conversationState", Map.of("blocks", List.of(), "subagents", List.of()));
  }

  @Test
  void theCreatorsSpellingOfTheArchitectureIsKept() throws Exception {
    String id =
        server
            .call(
                "POST",
                "/api/sessions",
                Map.of("agentProfileRef", "default", "architecture", "scripted-agent"))
            .text("sessionId");

    assertThat(server.call("GET", "/api/sessions/" + id, null).text("type"))
        .isEqualTo("scripted-agent");
  }

  @Test
  void nameMetadataOptionsAndFilesCanBeGivenAtTheStart() throws Exception {
    String base64 = Base64.getEncoder().encodeToString(new byte[] {0, 1, 2});
    String id =
        server
            .call(
                "POST",
                "/sessions/create",
                Map.of(
                    "agentProfileRef",
                    "default",
                    "architecture",
                    "scripted",
                    "name",
                    "My session",
                    "metadata",
                    Map.of("team", "a"),
                    "sessionOptions",
                    Map.of("model", "m1"),
                    "defaultWorkspaceFiles",
                    List.of(
                        Map.of("path", "a.txt", "content", "hello"),
                        Map.of("path", "b/c.bin", "content", base64, "encoding", "base64"),
                        Map.of("path", "d.txt", "content", "longer than ten"))))
            .text("sessionId");
    Reply reply = server.call("GET", "/sessions/" + id, null);

    assertThat(reply.json())
        .containsEntry("name", "My session")
        .containsEntry("metadata", Map.of("team", "a"))
        .containsEntry("sessionOptions", Map.of("model", "m1"));
    assertThat(reply.list("workspaceFiles"))
        .satisfiesExactly(
            file -> assertThat(file).containsEntry("content", "hello").doesNotContainKey("binary"),
            file -> assertThat(file).containsEntry("binary", true).doesNotContainKey("content"),
            file ->
                assertThat(file)
                    .containsEntry("content", "longer tha")
                    .containsEntry("truncated", true));
    Reply whole = server.call("GET", "/api/sessions/" + id + "/file?path=b%2Fc.bin", null);
    assertThat(whole.response().body()).containsExactly(0, 1, 2);
    assertThat(whole.header("content-disposition")).isEqualTo("attachment");
    assertThat(server.call("GET", "/sessions/" + id + "/file?path=../x", null).text("code"))
        .isEqualTo("FILE_NOT_FOUND");
  }

  @Test
  void theSameKeyCreatesOneSession() throws Exception {
    Reply first = server.call("POST", "/sessions/create", WISH, "Idempotency-Key", "k-1");
    Reply again = server.call("POST", "/sessions/create", WISH, "Idempotency-Key", "k-1");

    assertThat(again.status()).isEqualTo(201);
    assertThat(again.text("sessionId")).isEqualTo(first.text("sessionId"));
  }

  @Test
  void nameAndMetadataCanBeChanged() throws Exception {
    String id = server.createSession();
    Reply reply =
        server.call(
            "PATCH",
            "/api/sessions/" + id,
            Map.of("name", "Other", "metadata", Map.of("x", List.of(1, 2))));

    assertThat(reply.status()).isEqualTo(200);
    assertThat(server.call("GET", "/sessions/" + id, null).json())
        .containsEntry("name", "Other")
        .containsEntry("metadata", Map.of("x", List.of(1, 2)));
  }

  @Test
  void optionsAreReplaced() throws Exception {
    String id = server.createSession();
    Reply reply =
        server.call(
            "PATCH",
            "/api/sessions/" + id + "/options",
            Map.of("sessionOptions", Map.of("model", "m2")));

    assertThat(reply.json())
        .containsEntry("success", true)
        .containsEntry("sessionId", id)
        .containsEntry("sessionOptions", Map.of("model", "m2"));
    assertThat(server.call("GET", "/sessions/" + id, null).json())
        .containsEntry("sessionOptions", Map.of("model", "m2"));
  }

  @Test
  void sessionsAreListedPageByPage() throws Exception {
    for (int i = 0; i < 3; i++) {
      server.createSession();
    }
    Reply first = server.call("GET", "/sessions?limit=2", null);
    Reply second =
        server.call("GET", "/api/sessions?limit=2&cursor=" + first.text("nextCursor"), null);

    assertThat(first.list("sessions")).hasSize(2);
    assertThat(second.list("sessions"))
        .isNotEmpty()
        .doesNotContainAnyElementsOf(first.list("sessions"));
    assertThat(first.list("sessions").getFirst())
        .containsKeys(
            "sessionId",
            "type",
            "agentProfileReference",
            "status",
            "createdAt",
            "lastActivity",
            "sessionOptions",
            "runtime");
    assertThat(server.call("GET", "/sessions?limit=0", null).text("code"))
        .isEqualTo("INVALID_ARGUMENT");
    assertThat(server.call("GET", "/sessions?limit=x", null).status()).isEqualTo(400);
  }

  @Test
  void deletingUnloadsAndCanBeRepeated() throws Exception {
    String id = server.createSession();

    for (int i = 0; i < 2; i++) {
      Reply reply = server.call("DELETE", "/sessions/" + id, null);
      assertThat(reply.status()).isEqualTo(200);
      assertThat(reply.json()).isEqualTo(Map.of("success", true, "sessionId", id));
    }
    assertThat(server.call("POST", "/api/sessions/" + id + "/sync", null).status()).isEqualTo(404);
    assertThat(server.call("GET", "/sessions/" + id, null).status()).isEqualTo(200);
  }

  @Test
  void purgingRemovesWhatIsStored() throws Exception {
    String id = server.createSession();

    assertThat(server.call("DELETE", "/api/sessions/" + id + "?purge=true", null).status())
        .isEqualTo(200);
    assertThat(server.call("GET", "/sessions/" + id, null).text("code"))
        .isEqualTo("SESSION_NOT_FOUND");
    assertThat(server.call("DELETE", "/sessions/" + id, null).status()).isEqualTo(404);
  }

  @Test
  void theSandboxCanBeEndedAlone() throws Exception {
    String id = server.createSession();
    server.turn(id, "say hi");
    Reply reply = server.call("POST", "/api/sessions/" + id + "/environment/terminate", null);

    assertThat(reply.status()).isEqualTo(200);
    assertThat(reply.value("runtime").toString())
        .contains("isLoaded=true")
        .contains("status=terminated");
    server.turn(id, "recall");
    assertThat(server.call("GET", "/sessions/" + id, null).body()).contains("I recall: say hi");
  }

  @Test
  void onlyASessionInMemoryCanBeSyncedOrLoseItsSandbox() throws Exception {
    String id = server.createSession();
    assertThat(server.call("POST", "/api/sessions/" + id + "/sync", null).json())
        .isEqualTo(Map.of("success", true, "sessionId", id));
    server.call("DELETE", "/sessions/" + id, null);

    assertThat(
            server
                .call("POST", "/api/sessions/" + id + "/environment/terminate", null)
                .text("error"))
        .isEqualTo("Session not found or not loaded");
  }

  @Test
  void whatDoesNotExistIsNotFoundUnderEveryRoute() throws Exception {
    for (String path :
        List.of(
            "/sessions/none", "/api/sessions/a:b", "/sessions/%2e%2e", "/sessions/none/queue")) {
      assertThat(server.call("GET", path, null).text("code"))
          .as(path)
          .isEqualTo("SESSION_NOT_FOUND");
    }
    assertThat(server.call("POST", "/sessions/none/message", Map.of("content", "hi")).status())
        .isEqualTo(404);
  }

  @Test
  void profilesAndProvidersAreListed() throws Exception {
    assertThat(server.call("GET", "/agent-profiles", null).json())
        .isEqualTo(
            Map.of(
                "profiles",
                List.of(
                    Map.of("id", "default", "name", "Default", "readOnly", true),
                    Map.of("id", "asking", "name", "Asking", "readOnly", true))));
    assertThat(server.call("GET", "/api/providers", null).body())
        .contains("\"kind\":\"sandbox\",\"id\":\"fake\"")
        .contains("\"kind\":\"architecture\",\"id\":\"scripted\"")
        .contains("\"kind\":\"persistence\",\"id\":\"memory\"")
        .doesNotContain("target/classes");
  }
}
