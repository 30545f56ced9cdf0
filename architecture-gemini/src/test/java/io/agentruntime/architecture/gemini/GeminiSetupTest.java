// SPDX-License-Identifier: MIT

package io.agentruntime.architecture.gemini;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.agentruntime.architecture.support.json.Json;
import io.agentruntime.model.profile.AgentProfile;
import io.agentruntime.model.profile.McpServer;
import io.agentruntime.model.profile.PermissionPolicy;
import io.agentruntime.model.profile.Rule;
import io.agentruntime.model.profile.SubagentDefinition;
import io.agentruntime.model.session.SessionId;
import io.agentruntime.model.transcript.Transcript;
import io.agentruntime.model.transcript.TranscriptEntry;
import io.agentruntime.spi.architecture.SandboxSetup;
import io.agentruntime.spi.architecture.SetupRequest;
import io.agentruntime.spi.sandbox.FileUpload;
import io.agentruntime.spi.sandbox.SandboxPaths;
import io.agentruntime.testkit.architecture.ProfileBuilder;
import io.agentruntime.testkit.architecture.Refusals;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

/** What lies in a fresh sandbox, and what is refused before. */
class GeminiSetupTest {
  private static final SandboxPaths PATHS =
      new SandboxPaths("/data/My Work.1", "/home/agent", "/scratch");

  private static SandboxSetup setup(AgentProfile profile, Transcript past) {
    return new GeminiArchitecture()
        .setup(new SetupRequest(new SessionId("s1"), null, profile, Map.of(), past, PATHS));
  }

  private static Map<String, String> files(SandboxSetup setup) {
    return setup.files().stream()
        .collect(Collectors.toMap(FileUpload::path, GeminiSetupTest::content));
  }

  private static String content(FileUpload file) {
    try {
      return new String(Objects.requireNonNull(file.content()).readAll(), StandardCharsets.UTF_8);
    } catch (java.io.IOException e) {
      throw new AssertionError(e);
    }
  }

  private static JsonNode settings(AgentProfile profile) {
    String text = files(setup(profile, Transcript.EMPTY)).get("/home/agent/.gemini/settings.json");
    return Json.object(String.valueOf(text)).orElseThrow();
  }

  @Test
  void theProgramReportsNothingAndChangesNothingAboutItself() {
    JsonNode settings = settings(Profiles.plain());
    assertThat(settings.at("/privacy/usageStatisticsEnabled").asBoolean(true)).isFalse();
    assertThat(settings.at("/telemetry/enabled").asBoolean(true)).isFalse();
    assertThat(settings.at("/general/enableAutoUpdate").asBoolean(true)).isFalse();
    assertThat(settings.at("/general/sessionRetention/enabled").asBoolean(true)).isFalse();
    assertThat(settings.at("/general/maxAttempts").asInt()).isEqualTo(3);
  }

  @Test
  void serversOfEveryKindStandInTheSettings() {
    AgentProfile profile =
        new ProfileBuilder()
            .mcpServer(new McpServer.Stdio("a", "run", List.of("x"), Map.of("K", "v")))
            .mcpServer(new McpServer.Http("b", "http://b", "http", Map.of("H", "v")))
            .mcpServer(new McpServer.Http("c", "http://c", "sse", Map.of()))
            .mcpServer(new McpServer.Bundled("d", null, List.of(), "npm i", "node s.js", Map.of()))
            .build();
    JsonNode servers = settings(profile).path("mcpServers");
    assertThat(servers.path("a").toString())
        .isEqualTo("{\"command\":\"run\",\"args\":[\"x\"],\"env\":{\"K\":\"v\"}}");
    assertThat(servers.at("/b/httpUrl").asText()).isEqualTo("http://b");
    assertThat(servers.at("/c/url").asText()).isEqualTo("http://c");
    assertThat(servers.at("/d/cwd").asText()).isEqualTo("/scratch/gemini/mcp/d");
    assertThat(setup(profile, Transcript.EMPTY).commands())
        .singleElement()
        .satisfies(c -> assertThat(c.workingDirectory()).isEqualTo("/scratch/gemini/mcp/d"));
  }

  @Test
  void aPastIsPutWhereTheProgramLooksForThisWorkspace() {
    Transcript past =
        new Transcript(
            List.of(
                new TranscriptEntry("old/chats/session-x-0a1b2c3d.jsonl", "{}\n"),
                new TranscriptEntry("old/chats/0a1b2c3d-1/sub.jsonl", "{}\n")));
    assertThat(files(setup(Profiles.plain(), past)))
        .containsKey("/home/agent/.gemini/tmp/my-work-1/chats/session-x-0a1b2c3d.jsonl")
        .containsKey("/home/agent/.gemini/tmp/my-work-1/chats/0a1b2c3d-1/sub.jsonl");
  }

  @Test
  void aModelAndAToolListAreHandedOn() {
    AgentProfile profile = new ProfileBuilder().tools(List.of("read_file")).build();
    assertThat(settings(profile).at("/tools/core/0").asText()).isEqualTo("read_file");
  }

  private static void refused(ProfileBuilder profile, String field) {
    Refusals.assertUnsupported(new GeminiArchitecture(), profile.build(), field);
  }

  @Test
  void whatTheProgramCannotDoIsRefusedByName() {
    refused(new ProfileBuilder().npm(List.of("left-pad")), "npmDependencies");
    refused(new ProfileBuilder().pip(List.of("requests")), "pipDependencies");
    refused(
        new ProfileBuilder().rule(new Rule("py", "x", List.of("*.py"), false, Map.of())),
        "rules.py.paths");
    refused(
        new ProfileBuilder()
            .subagent(new SubagentDefinition("Big", "d", "p", null, null, Map.of())),
        "subagents.Big");
    refused(
        new ProfileBuilder().environment(Map.of("GEMINI_CLI_HOME", "/x")),
        "environment.GEMINI_CLI_HOME");
    refused(
        new ProfileBuilder().mcpServer(new McpServer.Http("w", "http://w", "websocket", Map.of())),
        "mcpServers.w.transport");
  }

  @Test
  void theModeFollowsThePolicy() {
    assertThat(new GeminiDialect(Profiles.plain()).mode()).contains("yolo");
    assertThat(new GeminiDialect(Profiles.with(PermissionPolicy.ASK)).mode()).contains("default");
  }
}
