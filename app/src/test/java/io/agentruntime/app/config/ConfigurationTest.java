// SPDX-License-Identifier: MIT

package io.agentruntime.app.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.agentruntime.app.gateway.Dialect;
import io.agentruntime.core.RuntimeConfig;
import io.agentruntime.core.profile.ProfileSource;
import io.agentruntime.core.provider.SecretSource;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Properties;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ConfigurationTest {
  private static final Map<String, Set<String>> PROVIDERS =
      Map.of(
          "sandbox", Set.of("docker", "local"),
          "persistence", Set.of("memory", "jdbc"),
          "architecture", Set.of("claude-agent-sdk"));

  @TempDir Path folder;

  @Test
  void withoutAnythingItListensOnLoopback() {
    ServerConfig config = read(List.of(), Map.of());

    assertThat(config.listen().host()).isEqualTo("127.0.0.1");
    assertThat(config.listen().port()).isEqualTo(3001);
    assertThat(config.listen().websocketPort()).isEmpty();
    assertThat(config.scriptedModel()).isFalse();
    assertThat(config.sockets().dialect()).isEqualTo(Dialect.FLAT);
    assertThat(config.apiKey().file()).isEqualTo(config.dataDirectory().resolve("api-key"));
  }

  @Test
  void theLauncherSaysWhereDataLies() {
    ServerConfig config = read(List.of(), Map.of("AGENT_RUNTIME_HOME", "/srv/agents"));

    assertThat(config.dataDirectory()).isEqualTo(Path.of("/srv/agents/data"));
    assertThat(config.profilesDirectory()).isEqualTo(Path.of("/srv/agents/data/profiles"));
  }

  @Test
  void theCommandLineWinsOverTheEnvironmentAndThatOverTheFile() throws IOException {
    Path file = file("agent-runtime:\n  port: 1\n  host: a\n  log-level: warn\n");
    ServerConfig config =
        read(
            List.of("--port=3", "--config", file.toString()),
            Map.of("AGENT_RUNTIME_PORT", "2", "AGENT_RUNTIME_HOST", "b"));

    assertThat(config.listen().port()).isEqualTo(3);
    assertThat(config.listen().host()).isEqualTo("b");
    assertThat(config.logging().level()).isEqualTo("warn");
  }

  @Test
  void documentedCamelCaseNamesMeanTheSame() throws IOException {
    Path file = file("agent-runtime:\n  idleTimeoutMs: 1234\n  websocketPort: 4000\n");
    ServerConfig config = read(List.of("--config", file.toString()), Map.of());

    assertThat(config.sessions().timing().idleTimeout()).isEqualTo(Duration.ofMillis(1234));
    assertThat(config.listen().websocketPort()).hasValue(4000);
  }

  @Test
  void timingsReachTheRuntime() {
    RuntimeConfig runtime =
        read(
                List.of(),
                Map.of(
                    "AGENT_RUNTIME_IDLE_TIMEOUT_MS", "5",
                    "AGENT_RUNTIME_SYNC_INTERVAL_MS", "6",
                    "AGENT_RUNTIME_SHUTDOWN_TIMEOUT_MS", "7",
                    "AGENT_RUNTIME_MAX_QUEUED_MESSAGES", "8",
                    "AGENT_RUNTIME_WORKSPACE_MAX_FILES", "9"))
            .runtime(SecretSource.of(Map.of()), ProfileSource.none());

    assertThat(runtime.idleTimeout()).isEqualTo(Duration.ofMillis(5));
    assertThat(runtime.syncInterval()).isEqualTo(Duration.ofMillis(6));
    assertThat(runtime.shutdownTimeout()).isEqualTo(Duration.ofMillis(7));
    assertThat(runtime.maxQueuedMessages()).isEqualTo(8);
    assertThat(runtime.workspace().maxFiles()).isEqualTo(9);
  }

  @Test
  void settingsOfProvidersPassThroughWhereverTheyStand() throws IOException {
    Path file =
        file(
            """
            agent-runtime:
              sandbox:
                provider: docker
                docker:
                  image: one
                  network: none
            """);
    ServerConfig config =
        read(
            List.of("--config", file.toString()),
            Map.of(
                "AGENT_RUNTIME_SANDBOX_DOCKER_MAX_PROCESSES", "99",
                "AGENT_RUNTIME_ARCHITECTURE_CLAUDE_AGENT_SDK_SOME_KEY", "x",
                "AGENT_RUNTIME_IMAGE", "two",
                "AGENT_RUNTIME_CLAUDE", "/opt/claude/bin/claude",
                "AGENT_RUNTIME_GEMINI", "/opt/gemini/gemini",
                "AGENT_RUNTIME_OPENCODE", "/opt/opencode/opencode"));

    assertThat(config.sessions().sandbox()).isEqualTo("docker");
    assertThat(config.sessions().providerSettings())
        .containsOnly(
            Map.entry("sandbox.docker.image", "one"),
            Map.entry("sandbox.local.program-path", "/opt/claude/bin:/opt/gemini:/opt/opencode"),
            Map.entry("sandbox.docker.network", "none"),
            Map.entry("sandbox.docker.max-processes", "99"),
            Map.entry("architecture.claude-agent-sdk.some-key", "x"));
  }

  @Test
  void theDatabasesPasswordIsASecretAndNoSetting() {
    ServerConfig config =
        read(
            List.of(),
            Map.of("AGENT_RUNTIME_JDBC_PASSWORD", "a", "AGENT_RUNTIME_JDBC_PASSWORD_FILE", "/b"));

    assertThat(config.sessions().providerSettings()).isEmpty();
  }

  @Test
  void anUnknownVariableFailsByItsName() {
    assertThatThrownBy(() -> read(List.of(), Map.of("AGENT_RUNTIME_IDLE_TIMEOUT", "1")))
        .hasMessageContaining("AGENT_RUNTIME_IDLE_TIMEOUT");
  }

  @Test
  void anUnknownKeyOfAFileFailsByItsNameAndFile() throws IOException {
    Path file = file("agent-runtime:\n  limits:\n    body: 1\n");

    assertThatThrownBy(() -> read(List.of("--config", file.toString()), Map.of()))
        .hasMessageContaining("agent-runtime.limits.body")
        .hasMessageContaining(file.toString());
  }

  @Test
  void aSettingOfAProviderThatIsNotThereFails() {
    assertThatThrownBy(() -> read(List.of(), Map.of("AGENT_RUNTIME_SANDBOX_MODAL_APP", "x")))
        .hasMessageContaining("AGENT_RUNTIME_SANDBOX_MODAL_APP");
    Properties properties = new Properties();
    properties.setProperty("agent-runtime.sandbox.modal.app", "x");
    assertThatThrownBy(() -> Configuration.read(List.of(), Map.of(), properties, PROVIDERS))
        .hasMessageContaining("no such sandbox provider");
  }

  @Test
  void aMalformedValueIsNamedAndNotShown() {
    assertThatThrownBy(() -> read(List.of(), Map.of("AGENT_RUNTIME_PORT", "s3cret")))
        .hasMessageContaining("AGENT_RUNTIME_PORT")
        .hasMessageContaining("0 to 65535")
        .message()
        .doesNotContain("s3cret");
  }

  @Test
  void aBrokenFileIsNamedAndNotShown() throws IOException {
    Path file = file("agent-runtime: {api-key: s3cret");

    assertThatThrownBy(() -> read(List.of("--config", file.toString()), Map.of()))
        .hasMessageContaining(file.toString())
        .message()
        .doesNotContain("s3cret");
  }

  @Test
  void anUnknownOptionFails() {
    assertThatThrownBy(() -> read(List.of("--prot", "1"), Map.of())).hasMessageContaining("--prot");
    assertThatThrownBy(() -> read(List.of("--port"), Map.of())).hasMessageContaining("--port");
  }

  @Test
  void theCommandLineChoosesTheStore() {
    ServerConfig.Sessions sessions =
        read(List.of("--persistence", "jdbc"), Map.of("AGENT_RUNTIME_PERSISTENCE", "memory"))
            .sessions();

    assertThat(sessions.persistence()).contains("jdbc");
    assertThat(sessions.providerSettings()).isEmpty();
  }

  @Test
  void whoNamesADatabaseNeedNotNameItsAdapter() {
    ServerConfig.Sessions sessions =
        read(
                List.of("--database", "jdbc:postgresql://db/agents"),
                Map.of("AGENT_RUNTIME_PERSISTENCE", "memory"))
            .sessions();

    assertThat(sessions.persistence()).contains("jdbc");
    assertThat(sessions.setting("persistence.jdbc.url")).contains("jdbc:postgresql://db/agents");
  }

  @Test
  void aDatabaseForAnotherAdapterIsAMistake() {
    assertThatThrownBy(
            () -> read(List.of("--persistence=memory", "--database=jdbc:h2:file:/x"), Map.of()))
        .hasMessageContaining("--persistence jdbc");
  }

  @Test
  void aDatabaseWithoutItsAdapterIsAMistake() {
    assertThatThrownBy(
            () ->
                Configuration.read(
                    List.of("--database", "jdbc:h2:file:/x"),
                    Map.of(),
                    new Properties(),
                    Map.of("persistence", Set.of("memory"))))
        .hasMessageContaining("--database")
        .hasMessageContaining("memory");
  }

  @Test
  void helpListsEverySetting() {
    assertThat(Configuration.read(List.of("--help"), Map.of(), new Properties(), PROVIDERS))
        .isEmpty();
    for (Setting setting : Setting.values()) {
      assertThat(Configuration.helpText()).contains(setting.variable());
    }
    assertThat(Configuration.helpText()).contains("--persistence ID", "--database URL");
  }

  @Test
  void theKeyNeverShowsUpInText() {
    ServerConfig config = read(List.of(), Map.of("AGENT_RUNTIME_API_KEY", "s3cret"));

    assertThat(config.toString()).doesNotContain("s3cret");
    assertThat(config.apiKey().value().orElseThrow().reveal()).isEqualTo("s3cret");
  }

  @Test
  void theScriptedModelIsTheOnlyModelToAskFor() {
    assertThat(read(List.of("--model", "scripted"), Map.of()).scriptedModel()).isTrue();
    assertThatThrownBy(() -> read(List.of("--model", "other"), Map.of()))
        .hasMessageContaining("--model");
  }

  private Path file(String text) throws IOException {
    return Files.writeString(folder.resolve("config.yaml"), text);
  }

  private static ServerConfig read(List<String> arguments, Map<String, String> environment) {
    return Configuration.read(arguments, environment, new Properties(), PROVIDERS).orElseThrow();
  }
}
