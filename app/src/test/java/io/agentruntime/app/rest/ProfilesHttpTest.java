// SPDX-License-Identifier: MIT

package io.agentruntime.app.rest;

import static org.assertj.core.api.Assertions.assertThat;

import io.agentruntime.app.TestServer;
import io.agentruntime.app.TestServer.Reply;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Agent profiles over REST. */
final class ProfilesHttpTest {
  private static final String SECRET = "sk-very-secret-value";
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
  void aProfileIsCreatedShownListedUsedChangedAndRemoved() throws Exception {
    Reply created =
        server.call(
            "POST",
            "/agent-profiles",
            Map.of("id", "reviewer", "name", "Reviewer", "systemPrompt", "Be brief."));
    assertThat(created.status()).isEqualTo(201);
    Reply shown = server.call("GET", "/api/agent-profiles/reviewer", null);
    assertThat(shown.body()).isEqualTo(created.body());
    assertThat(shown.json()).containsEntry("readOnly", false);
    assertThat(shown.value("profile"))
        .isEqualTo(Map.of("id", "reviewer", "name", "Reviewer", "systemPrompt", "Be brief."));
    assertThat(server.call("GET", "/agent-profiles", null).list("profiles"))
        .contains(Map.of("id", "reviewer", "name", "Reviewer", "readOnly", false));

    String session = server.createSession("reviewer");
    server.turn(session, "say hi");
    Reply changed =
        server.call("PUT", "/agent-profiles/reviewer", Map.of("name", "R", "tools", List.of()));
    assertThat(changed.status()).isEqualTo(200);
    assertThat(changed.value("profile"))
        .isEqualTo(Map.of("id", "reviewer", "name", "R", "tools", List.of()));
    assertThat(changed.text("version")).isNotEqualTo(created.text("version"));

    Reply inUse = server.call("DELETE", "/agent-profiles/reviewer", null);
    assertThat(inUse.status()).isEqualTo(409);
    assertThat(inUse.text("code")).isEqualTo("PROFILE_IN_USE");
    server.call("DELETE", "/sessions/" + session + "?purge=true", null);
    assertThat(server.call("DELETE", "/agent-profiles/reviewer", null).status()).isEqualTo(200);
    assertThat(server.call("GET", "/agent-profiles/reviewer", null).text("code"))
        .isEqualTo("PROFILE_NOT_FOUND");
  }

  @Test
  void ofTwoWhoChangeTheSameVersionOneIsRefused() throws Exception {
    String tag =
        server.call("PUT", "/agent-profiles/shared", Map.of("description", "one")).header("etag");

    Reply first =
        server.call("PUT", "/agent-profiles/shared", Map.of("description", "two"), "If-Match", tag);
    Reply second =
        server.call("PUT", "/agent-profiles/shared", Map.of("description", "2"), "If-Match", tag);

    assertThat(first.status()).isEqualTo(200);
    assertThat(second.status()).isEqualTo(412);
    assertThat(second.text("code")).isEqualTo("PROFILE_CHANGED");
    assertThat(server.call("DELETE", "/agent-profiles/shared", null, "If-Match", tag).status())
        .isEqualTo(412);
    assertThat(
            server
                .call(
                    "PUT",
                    "/agent-profiles/shared",
                    Map.of("description", "3"),
                    "If-None-Match",
                    "*")
                .text("code"))
        .isEqualTo("PROFILE_EXISTS");
    assertThat(
            server
                .call("DELETE", "/agent-profiles/shared", null, "If-Match", first.header("etag"))
                .status())
        .isEqualTo(200);
    assertThat(
            server
                .call("PUT", "/agent-profiles/shared", Map.of("name", "x"), "If-Match", tag)
                .text("code"))
        .isEqualTo("PROFILE_NOT_FOUND");
  }

  @Test
  void profilesThatAreGivenToTheServerAreReadOnly() throws Exception {
    assertThat(server.call("GET", "/agent-profiles/asking", null).json())
        .containsEntry("readOnly", true);
    for (Reply reply :
        List.of(
            server.call("POST", "/agent-profiles", Map.of("id", "asking")),
            server.call("PUT", "/agent-profiles/asking", Map.of("name", "x")),
            server.call("DELETE", "/agent-profiles/asking", null))) {
      assertThat(reply.status()).isEqualTo(409);
      assertThat(reply.text("code")).isEqualTo("PROFILE_READ_ONLY");
    }
  }

  @Test
  void whatIsWrongIsNamedWithItsPlace() throws Exception {
    assertIssue(
        Map.of("skills", List.of(Map.of("name", "a", "content", "b", "colour", "red"))),
        List.of("skills", 0, "colour"));
    assertIssue(
        Map.of("defaultWorkspaceFiles", List.of(Map.of("path", "../escape", "content", ""))),
        List.of("defaultWorkspaceFiles", 0, "path"));
    assertIssue(Map.of("tools", "Read"), List.of("tools"));
    assertIssue(Map.of("id", "another"), List.of("id"));
    assertIssue(
        Map.of(
            "bundledMCPs",
            List.of(Map.of("name", "x", "startCommand", "y", "localProjectPath", "/etc"))),
        List.of("bundledMCPs", 0, "localProjectPath"));
    assertThat(server.call("POST", "/agent-profiles", Map.of("name", "nameless")).body())
        .contains("\"path\":[\"id\"]");
    assertThat(server.call("POST", "/agent-profiles", Map.of("id", "../x")).text("code"))
        .isEqualTo("VALIDATION_FAILED");
    assertThat(server.call("GET", "/agent-profiles/wrong", null).status()).isEqualTo(404);
  }

  private static void assertIssue(Map<String, Object> fields, List<Object> place) throws Exception {
    Reply reply = server.call("PUT", "/agent-profiles/wrong", fields);
    assertThat(reply.status()).isEqualTo(400);
    assertThat(reply.text("code")).isEqualTo("VALIDATION_FAILED");
    Map<String, Object> issue = reply.list("issues").getFirst();
    assertThat(issue.get("path")).isEqualTo(place);
    assertThat(issue.get("message")).asString().isNotEmpty();
  }

  @Test
  void aBodyThatIsNoJsonDoesNotEmptyAProfile() throws Exception {
    server.call("PUT", "/agent-profiles/kept", Map.of("description", "precious"));

    Reply reply =
        server.call("PUT", "/agent-profiles/kept", "name=x", "Content-Type", "text/plain");

    assertThat(reply.status()).isEqualTo(400);
    assertThat(server.call("GET", "/agent-profiles/kept", null).body()).contains("precious");
  }

  @Test
  void secretValuesAreNotShownAndStayWhenWhatWasShownIsSentBack() throws Exception {
    Map<String, Object> profile = new HashMap<>();
    profile.put("environmentVariables", Map.of("TOKEN", SECRET));
    profile.put(
        "mcpServers",
        List.of(
            Map.of("name", "far", "url", "https://x.example", "headers", Map.of("K", SECRET)),
            Map.of("name", "near", "command", "run", "env", Map.of("K", SECRET))));
    Reply created = server.call("PUT", "/agent-profiles/secretive", profile);
    assertThat(created.status()).as(created.body()).isEqualTo(200);
    assertThat(created.body()).doesNotContain(SECRET);
    Reply shown = server.call("GET", "/agent-profiles/secretive", null);
    assertThat(shown.body()).doesNotContain(SECRET).contains("********");

    Reply again = server.call("PUT", "/agent-profiles/secretive", shown.value("profile"));

    assertThat(again.text("version")).isEqualTo(created.text("version"));
    assertThat(server.runtime().profile("secretive").orElseThrow().environment())
        .containsEntry("TOKEN", SECRET);
    Reply unknown =
        server.call(
            "PUT",
            "/agent-profiles/secretive",
            Map.of("environmentVariables", Map.of("OTHER", "********")));
    assertThat(unknown.list("issues").getFirst().get("path"))
        .isEqualTo(List.of("environmentVariables", "OTHER"));
  }
}
