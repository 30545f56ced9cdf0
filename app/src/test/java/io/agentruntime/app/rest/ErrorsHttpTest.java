// SPDX-License-Identifier: MIT

package io.agentruntime.app.rest;

import static org.assertj.core.api.Assertions.assertThat;

import io.agentruntime.app.TestServer;
import io.agentruntime.app.TestServer.Reply;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ErrorsHttpTest {
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
  void aBodyThatIsNoJsonIsToldApart() throws Exception {
    for (String body : List.of("{", "", "{} {}", "\u0000", "nul", "{\"a\":1}}")) {
      Reply reply = server.call("POST", "/api/sessions", body);

      assertThat(reply.status()).as(body).isEqualTo(400);
      assertThat(reply.json())
          .isEqualTo(Map.of("error", "Malformed JSON in request body", "code", "MALFORMED_JSON"));
    }
  }

  @Test
  void aBodyThatNestsTooDeeplyIsRefused() throws Exception {
    Reply reply = server.call("POST", "/api/sessions", "[".repeat(5000) + "]".repeat(5000));

    assertThat(reply.text("code")).isEqualTo("MALFORMED_JSON");
  }

  @Test
  void aBodyOfAnotherContentTypeCountsAsEmpty() throws Exception {
    Reply reply =
        server.call(
            "POST",
            "/api/sessions",
            "{\"agentProfileRef\":\"default\",\"architecture\":\"scripted\"}",
            "Content-Type",
            "text/plain");

    assertThat(reply.status()).isEqualTo(400);
    assertThat(reply.text("error")).isEqualTo("agentProfileRef: Required; architecture: Required");
  }

  @Test
  void everyFieldThatIsWrongIsListed() throws Exception {
    Reply reply =
        server.call("POST", "/api/sessions", Map.of("architecture", 3, "metadata", List.of()));

    assertThat(reply.status()).isEqualTo(400);
    assertThat(reply.json())
        .containsEntry("success", false)
        .containsEntry("code", "VALIDATION_FAILED");
    assertThat(reply.value("error")).isInstanceOf(String.class);
    assertThat(reply.value("issues"))
        .isEqualTo(
            List.of(
                Map.of(
                    "code", "invalid_type",
                    "path", List.of("agentProfileRef"),
                    "message", "Required",
                    "expected", "string",
                    "received", "undefined"),
                Map.of(
                    "code", "invalid_type",
                    "path", List.of("architecture"),
                    "message", "Expected string, received number",
                    "expected", "string",
                    "received", "number"),
                Map.of(
                    "code", "invalid_type",
                    "path", List.of("metadata"),
                    "message", "Expected object, received array",
                    "expected", "object",
                    "received", "array")));
  }

  @Test
  void anUnknownProfileIsNamed() throws Exception {
    Reply reply =
        server.call(
            "POST", "/api/sessions", Map.of("agentProfileRef", "nope", "architecture", "scripted"));

    assertThat(reply.status()).isEqualTo(400);
    assertThat(reply.text("code")).isEqualTo("UNKNOWN_PROFILE");
    assertThat(reply.text("error")).contains("nope");
  }

  @Test
  void anArchitectureThatNobodyNamesIsARequiredField() throws Exception {
    Reply reply = server.call("POST", "/api/sessions", Map.of("agentProfileRef", "default"));

    assertThat(reply.status()).isEqualTo(400);
    assertThat(reply.text("code")).isEqualTo("VALIDATION_FAILED");
    assertThat(reply.text("error")).isEqualTo("architecture: Required");
  }

  @Test
  void anUnknownArchitectureIsNamed() throws Exception {
    Reply reply =
        server.call(
            "POST", "/api/sessions", Map.of("agentProfileRef", "default", "architecture", "nope"));

    assertThat(reply.status()).isEqualTo(400);
    assertThat(reply.text("code")).isEqualTo("UNKNOWN_ARCHITECTURE");
    assertThat(reply.text("error"))
        .contains("'nope'; known: ")
        .contains("acp", "claude-agent-sdk", "gemini-cli", "opencode", "scripted");
  }

  @Test
  void aWorkspaceFileMustStayInTheWorkspace() throws Exception {
    Reply reply =
        server.call(
            "POST",
            "/api/sessions",
            Map.of(
                "agentProfileRef",
                "default",
                "architecture",
                "scripted",
                "defaultWorkspaceFiles",
                List.of(Map.of("path", "../x", "content", ""), Map.of("path", "y"))));

    assertThat(reply.status()).isEqualTo(400);
    assertThat(reply.text("error"))
        .contains("defaultWorkspaceFiles.0.path")
        .contains("defaultWorkspaceFiles.1");
  }

  @Test
  void anUnknownModeIsRefusedWithItsChoices() throws Exception {
    Reply reply =
        server.call(
            "POST",
            "/sessions/" + server.createSession() + "/message",
            Map.of("content", "hi", "mode", "shout"));

    assertThat(reply.text("error"))
        .isEqualTo(
            "mode: Invalid enum value."
                + " Expected 'queue' | 'interrupt' | 'steer' | 'reject', received 'shout'");
  }

  @Test
  void noReplyShowsClassNamesOrStackTraces() throws Exception {
    String id = server.createSession();
    for (Reply reply :
        List.of(
            server.call("GET", "/sessions?limit=99999999999999", null),
            server.call("GET", "/sessions/" + id + "/events?after=-1", null),
            server.call("GET", "/sessions/" + id + "/file", null),
            server.call("GET", "/sessions?cursor=%00%01broken", null),
            server.call("POST", "/sessions/" + id + "/message", Map.of("content", 5)),
            server.call(
                "PUT", "/sessions/" + id + "/queue", Map.of("order", List.of("not-there"))))) {
      assertThat(reply.status()).as(reply.body()).isBetween(400, 499);
      assertThat(reply.json()).containsKeys("error", "code");
      assertThat(reply.body()).doesNotContain("io.agentruntime", "java.", "Exception", "\\tat ");
    }
  }

  @Test
  void anIdempotencyKeyMustBePlain() throws Exception {
    Reply reply =
        server.call(
            "POST",
            "/sessions/create",
            Map.of("agentProfileRef", "default", "architecture", "scripted"),
            "Idempotency-Key",
            "k".repeat(256));

    assertThat(reply.status()).isEqualTo(400);
    assertThat(reply.text("error")).contains("Idempotency-Key");
  }
}
