// SPDX-License-Identifier: MIT

package io.agentruntime.architecture.opencode;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import io.agentruntime.architecture.support.json.Json;
import io.agentruntime.error.AgentRuntimeException;
import io.agentruntime.model.profile.AgentProfile;
import io.agentruntime.model.profile.McpServer;
import io.agentruntime.model.profile.PermissionPolicy;
import io.agentruntime.model.profile.Rule;
import io.agentruntime.model.profile.SubagentDefinition;
import io.agentruntime.model.session.SessionId;
import io.agentruntime.model.transcript.Transcript;
import io.agentruntime.model.transcript.TranscriptEntry;
import io.agentruntime.spi.architecture.Credentials;
import io.agentruntime.spi.architecture.SandboxSetup;
import io.agentruntime.spi.architecture.SetupCommand;
import io.agentruntime.spi.architecture.SetupRequest;
import io.agentruntime.spi.sandbox.FileUpload;
import io.agentruntime.spi.sandbox.SandboxPaths;
import io.agentruntime.testkit.TestProviderContext;
import io.agentruntime.testkit.architecture.ProfileBuilder;
import io.agentruntime.testkit.architecture.Refusals;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

/** What lies in a fresh sandbox, which keys reach it, and what is refused before. */
class OpenCodeSetupTest {
  private static final SandboxPaths PATHS =
      new SandboxPaths("/workspace", "/home/agent", "/scratch");

  private static SandboxSetup setup(
      AgentProfile profile, Map<String, Object> options, Transcript past) {
    return new OpenCodeArchitecture()
        .setup(new SetupRequest(new SessionId("s1"), null, profile, options, past, PATHS));
  }

  private static Map<String, String> files(SandboxSetup setup) {
    return setup.files().stream()
        .collect(Collectors.toMap(FileUpload::path, OpenCodeSetupTest::content));
  }

  private static String content(FileUpload file) {
    try {
      return new String(Objects.requireNonNull(file.content()).readAll(), StandardCharsets.UTF_8);
    } catch (IOException e) {
      throw new AssertionError(e);
    }
  }

  private static JsonNode configuration(AgentProfile profile, Map<String, Object> options) {
    String text =
        files(setup(profile, options, Transcript.EMPTY))
            .get("/home/agent/.config/opencode/opencode.json");
    return Json.object(String.valueOf(text)).orElseThrow();
  }

  private static JsonNode configuration(AgentProfile profile) {
    return configuration(profile, Map.of());
  }

  @Test
  void theProgramReportsNothingSharesNothingAndChangesNothingAboutItself() {
    JsonNode configuration = configuration(Profiles.plain());
    assertThat(configuration.path("autoupdate").asBoolean(true)).isFalse();
    assertThat(configuration.path("share").asText()).isEqualTo("disabled");
    assertThat(configuration.path("snapshot").asBoolean(true)).isFalse();
    assertThat(setup(Profiles.plain(), Map.of(), Transcript.EMPTY).environment())
        .containsKeys(
            "OPENCODE_DISABLE_AUTOUPDATE",
            "OPENCODE_DISABLE_MODELS_FETCH",
            "OPENCODE_DISABLE_SHARE",
            "OPENCODE_DISABLE_PROJECT_CONFIG",
            "OPENCODE_PURE");
  }

  @Test
  void defect24TheModelTheSystemPromptAndTheToolsOfASessionReachTheProgram() {
    AgentProfile profile =
        new ProfileBuilder().systemPrompt("Be {env:HOME}").tools(List.of("Read", "Bash")).build();
    SandboxSetup setup =
        setup(profile, Map.of("model", "anthropic/claude-sonnet-5"), Transcript.EMPTY);
    JsonNode configuration = configuration(profile, Map.of("model", "anthropic/claude-sonnet-5"));
    assertThat(configuration.path("model").asText()).isEqualTo("anthropic/claude-sonnet-5");
    assertThat(configuration.at("/agent/build/prompt").asText())
        .isEqualTo("{file:/scratch/opencode/system-prompt.md}");
    assertThat(files(setup)).containsEntry("/scratch/opencode/system-prompt.md", "Be {env:HOME}");
    assertThat(configuration.at("/permission/edit").asText()).isEqualTo("deny");
    assertThat(configuration.at("/permission/webfetch").asText()).isEqualTo("deny");
    assertThat(configuration.at("/permission").has("bash")).isFalse();
    assertThat(configuration.at("/permission").has("read")).isFalse();
  }

  @Test
  void defect28APastIsRestoredByTheSubcommandThatExists() {
    Transcript past =
        new Transcript(
            List.of(
                new TranscriptEntry("main.json", "{\"info\":{}}"),
                new TranscriptEntry("subagents/ses_1.json", "{\"info\":{}}")));
    SandboxSetup setup = setup(Profiles.plain(), Map.of(), past);
    assertThat(setup.commands())
        .extracting(SetupCommand::command)
        .containsExactly(
            List.of("opencode", "import", "/scratch/opencode/transcript/main.json"),
            List.of("opencode", "import", "/scratch/opencode/transcript/subagents/ses_1.json"));
    assertThat(files(setup)).containsKey("/scratch/opencode/transcript/subagents/ses_1.json");
  }

  @Test
  void defect39NothingOfASessionIsReadByAShell() {
    String evil = "x$(touch owned)";
    AgentProfile profile =
        new ProfileBuilder()
            .mcpServer(new McpServer.Stdio("s", evil, List.of("; rm -rf /"), Map.of()))
            .build();
    Transcript past = new Transcript(List.of(new TranscriptEntry("subagents/$(x).json", "{}")));
    SandboxSetup setup = setup(profile, Map.of(), past);
    assertThat(setup.commands())
        .allSatisfy(command -> assertThat(command.command()).doesNotContain("sh", "bash"));
    assertThat(configuration(profile).at("/mcp/s/command").toString())
        .isEqualTo("[\"" + evil + "\",\"; rm -rf /\"]");
    assertThatThrownBy(() -> new SessionId("ses_1; touch owned"))
        .isInstanceOf(AgentRuntimeException.class);
  }

  @Test
  void serversOfEveryKindStandInTheConfiguration() {
    AgentProfile profile =
        new ProfileBuilder()
            .mcpServer(new McpServer.Stdio("a", "run", List.of("x"), Map.of("K", "v")))
            .mcpServer(new McpServer.Http("b", "http://b", "http", Map.of("H", "v")))
            .mcpServer(new McpServer.Bundled("d", null, List.of(), "npm i", "node s.js", Map.of()))
            .build();
    JsonNode servers = configuration(profile).path("mcp");
    assertThat(servers.at("/a/type").asText()).isEqualTo("local");
    assertThat(servers.at("/a/command").toString()).isEqualTo("[\"run\",\"x\"]");
    assertThat(servers.at("/a/environment/K").asText()).isEqualTo("v");
    assertThat(servers.at("/b/type").asText()).isEqualTo("remote");
    assertThat(servers.at("/b/headers/H").asText()).isEqualTo("v");
    assertThat(servers.at("/d/command/3").asText()).isEqualTo("/scratch/opencode/mcp/d");
    assertThat(setup(profile, Map.of(), Transcript.EMPTY).commands())
        .singleElement()
        .satisfies(c -> assertThat(c.workingDirectory()).isEqualTo("/scratch/opencode/mcp/d"));
  }

  @Test
  void permissionsFollowThePolicy() {
    assertThat(configuration(Profiles.plain()).at("/permission/*").asText()).isEqualTo("allow");
    JsonNode asking = configuration(Profiles.with(PermissionPolicy.ASK)).path("permission");
    assertThat(asking.path("*").asText()).isEqualTo("ask");
    assertThat(asking.path("read").asText()).isEqualTo("allow");
    assertThat(asking.fieldNames().next()).isEqualTo("*");
  }

  private static Credentials credentials(AgentProfile profile, String model) {
    return new OpenCodeArchitecture().credentials(profile, Map.of("model", model));
  }

  @Test
  void onlyTheKeyOfTheModelsProviderReachesTheProgram() {
    AgentProfile plain = new ProfileBuilder().build();
    assertThat(credentials(plain, "anthropic/x").anyOf()).containsExactly("ANTHROPIC_API_KEY");
    assertThat(credentials(plain, "opencode/big-pickle").anyOf()).isEmpty();
    assertThat(credentials(plain, "opencode/big-pickle").optional()).contains("OPENCODE_API_KEY");
    assertThat(credentials(plain, "somebody/else").anyOf()).isEmpty();
    assertThat(credentials(Profiles.plain(), "scripted/scripted").anyOf())
        .containsExactly("OPENAI_API_KEY");
    assertThat(credentials(Profiles.plain(), "scripted/scripted").secret())
        .contains("OPENAI_API_KEY");
  }

  private static AgentProfile withProvider(Object apiKey) {
    return new ProfileBuilder()
        .defaultOptions(
            Map.of("providers", Map.of("mine", Map.of("options", Map.of("apiKey", apiKey)))))
        .build();
  }

  @Test
  void keysNeverStandInAProfile() {
    new OpenCodeArchitecture().validate(withProvider("{env:GROQ_API_KEY}"), Map.of());
    invalid(withProvider("sk-secret"), Map.of(), "providers.mine.options.apiKey");
    invalid(withProvider("{env:DATABASE_PASSWORD}"), Map.of(), "DATABASE_PASSWORD");
    invalid(Profiles.plain(), Map.of("providers", Map.of()), "providers");
  }

  private static void invalid(AgentProfile profile, Map<String, Object> options, String text) {
    assertThatThrownBy(() -> new OpenCodeArchitecture().validate(profile, options))
        .isInstanceOfSatisfying(
            AgentRuntimeException.class,
            e -> assertThat(e.code().name()).isEqualTo("INVALID_ARGUMENT"))
        .hasMessageContaining(text)
        .hasMessageNotContaining("sk-secret");
  }

  @Test
  void wrongOptionsAreRefusedByName() {
    invalid(Profiles.plain(), Map.of("model", "no-provider"), "model");
    invalid(Profiles.plain(), Map.of("maxRetries", -1), "maxRetries");
    invalid(Profiles.plain(), Map.of("maxRetries", 1.5), "maxRetries");
  }

  private static void refused(ProfileBuilder profile, String field) {
    Refusals.assertUnsupported(new OpenCodeArchitecture(), profile.build(), field);
  }

  @Test
  void whatTheProgramCannotDoIsRefusedByName() {
    refused(new ProfileBuilder().npm(List.of("left-pad")), "npmDependencies");
    refused(new ProfileBuilder().pip(List.of("requests")), "pipDependencies");
    refused(new ProfileBuilder().tools(List.of("NotebookEdit")), "tools");
    refused(
        new ProfileBuilder().rule(new Rule("py", "x", List.of("*.py"), false, Map.of())),
        "rules.py.paths");
    refused(
        new ProfileBuilder()
            .subagent(new SubagentDefinition("build", "d", "p", null, null, Map.of())),
        "subagents.build");
    refused(
        new ProfileBuilder().environment(Map.of("OPENCODE_PERMISSION", "{}")),
        "environment.OPENCODE_PERMISSION");
    refused(
        new ProfileBuilder().mcpServer(new McpServer.Http("w", "http://w", "websocket", Map.of())),
        "mcpServers.w.transport");
  }

  @Test
  void theOperatorsModelServesSessionsThatNameNone() {
    try (OpenCodeArchitecture architecture = new OpenCodeArchitecture()) {
      architecture.open(
          new TestProviderContext("test", Path.of("unused"))
              .with(Map.of("model", "openai-compatible/mine")));
      JsonNode configuration =
          Json.object(
                  files(
                          architecture.setup(
                              new SetupRequest(
                                  new SessionId("s1"),
                                  null,
                                  new ProfileBuilder().build(),
                                  Map.of(),
                                  Transcript.EMPTY,
                                  PATHS)))
                      .getOrDefault("/home/agent/.config/opencode/opencode.json", ""))
              .orElseThrow();
      assertThat(configuration.path("model").asText()).isEqualTo("openai-compatible/mine");
      assertThat(configuration.at("/provider/openai-compatible/options/baseURL").asText())
          .isEqualTo("{env:OPENAI_BASE_URL}");
      assertThat(configuration.at("/provider/openai-compatible/models/mine/modalities/input"))
          .extracting(JsonNode::asText)
          .containsExactly("text", "image");
    }
  }
}
