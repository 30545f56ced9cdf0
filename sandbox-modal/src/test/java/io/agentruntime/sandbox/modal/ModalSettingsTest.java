// SPDX-License-Identifier: MIT

package io.agentruntime.sandbox.modal;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.agentruntime.error.AgentRuntimeException;
import io.agentruntime.error.StandardError;
import io.agentruntime.sandbox.modal.wire.NetworkAccess.NetworkAccessType;
import io.agentruntime.spi.Secret;
import io.agentruntime.spi.sandbox.SandboxCapability;
import io.agentruntime.spi.sandbox.SandboxSpec;
import io.agentruntime.testkit.TestProviderContext;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ModalSettingsTest {
  private static final Map<String, Secret> TOKENS =
      Map.of("MODAL_TOKEN_ID", Secret.of("ak-1"), "MODAL_TOKEN_SECRET", Secret.of("as-hidden"));

  private @TempDir Path folder;

  @Test
  void withoutSettingsModalsCloudIsUsed() {
    ModalSettings settings = read(Map.of(), TOKENS, Map.of());
    assertThat(settings.serverUrl()).hasToString("https://api.modal.com:443/");
    assertThat(settings.backend()).isEqualTo(Backend.V2);
    assertThat(settings.build()).isTrue();
    assertThat(settings.network()).isEqualTo(NetworkAccessType.OPEN);
    assertThat(settings.idleTimeout()).isNull();
  }

  @Test
  void theVariablesOfModalsOwnToolsAreHeeded() {
    Map<String, String> variables =
        Map.of(
            "MODAL_SERVER_URL", "http://localhost:1234",
            "MODAL_ENVIRONMENT", "dev",
            "MODAL_IMAGE_BUILDER_VERSION", "2025.06",
            "MODAL_MAX_THROTTLE_WAIT", "7",
            "MODAL_SANDBOX_V2", "0");
    ModalSettings settings = read(Map.of(), TOKENS, variables);
    assertThat(settings.serverUrl()).hasToString("http://localhost:1234/");
    assertThat(settings.environment()).isEqualTo("dev");
    assertThat(settings.builderVersion()).isEqualTo("2025.06");
    assertThat(settings.throttleWait()).isEqualTo(Duration.ofSeconds(7));
    assertThat(settings.backend()).isEqualTo(Backend.V1);
    assertThat(read(Map.of("backend", "v2"), TOKENS, variables).backend()).isEqualTo(Backend.V2);
  }

  @Test
  void tokensComeFromTheActiveProfile() throws IOException {
    Path file =
        Files.writeString(
            folder.resolve("modal.toml"),
            """
            # made by modal token new
            [work]
            token_id = "ak-work"
            token_secret = "as-work" # secret
            environment = 'staging'
            active = true

            [home]
            token_id = "ak-home"
            token_secret = "as-home"
            """);
    Map<String, String> variables = Map.of("MODAL_CONFIG_PATH", file.toString());
    ModalSettings work = read(Map.of(), Map.of(), variables);
    assertThat(work.requireCredentials().id().reveal()).isEqualTo("ak-work");
    assertThat(work.requireCredentials().secret().reveal()).isEqualTo("as-work");
    assertThat(work.environment()).isEqualTo("staging");
    ModalSettings home = read(Map.of("profile", "home"), Map.of(), variables);
    assertThat(home.requireCredentials().id().reveal()).isEqualTo("ak-home");
    assertThat(read(Map.of(), TOKENS, variables).requireCredentials().id().reveal())
        .isEqualTo("ak-1");
    assertRefused("nobody", () -> read(Map.of("profile", "nobody"), Map.of(), variables));
  }

  @Test
  void aBrokenProfileFileIsNamedAndNotShown() throws IOException {
    Path file = Files.writeString(folder.resolve("modal.toml"), "[a]\ntoken_secret as-hidden\n");
    assertThatThrownBy(() -> read(Map.of(), Map.of(), Map.of("MODAL_CONFIG_PATH", file.toString())))
        .hasMessageContaining(file.toString())
        .hasMessageContaining("line 2")
        .satisfies(e -> assertThat(e.toString()).doesNotContain("as-hidden"));
  }

  @Test
  void secretsAreNotShown() {
    assertThat(read(Map.of(), TOKENS, Map.of()).toString()).doesNotContain("as-hidden", "ak-1");
  }

  @Test
  void oneTokenAloneIsRefused() {
    assertRefused(
        "only MODAL_TOKEN_ID is set",
        () -> read(Map.of(), Map.of("MODAL_TOKEN_ID", Secret.of("ak-1")), Map.of()));
  }

  @ParameterizedTest
  @CsvSource({
    "colour,red",
    "server-url,api.modal.com",
    "server-url,https://api.modal.com/path",
    "backend,v3",
    "ports,80;81",
    "ports,99999",
    "memory,1k",
    "cpus,none",
    "timeout,25h",
    "network,allowlist",
    "network,closed",
    "allowed-domains,example.org",
    "app,with space",
    "streams-per-connection,0",
    "dockerfile,/no/such/file",
    "ca-bundle,/no/such/file"
  })
  void aWrongSettingIsNamed(String key, String value) {
    assertRefused(
        key.equals("allowed-domains") ? "network" : key,
        () -> {
          ModalSandboxProvider provider = new ModalSandboxProvider(Map.of());
          provider.open(context(Map.of(key, value), Map.of()));
        });
  }

  @Test
  void instructionsOfADockerfileAreReadLineByLine() throws IOException {
    Path file =
        Files.writeString(
            folder.resolve("Dockerfile"), "# more\nRUN one \\\n  && two\n\nENV A=b\n");
    assertThat(read(Map.of("dockerfile", file.toString()), TOKENS, Map.of()).instructions())
        .containsExactly("RUN one    && two", "ENV A=b");
    Files.writeString(file, "from scratch\n");
    assertRefused(
        "without FROM", () -> read(Map.of("dockerfile", file.toString()), TOKENS, Map.of()));
  }

  @Test
  void theAgentsArePinned() {
    List<String> recipe = ImageRecipe.agents();
    assertThat(recipe)
        .anyMatch(line -> line.matches("RUN npm .*claude-code@[0-9].*gemini-cli@[0-9].*"));
    assertThat(String.join("\n", recipe)).doesNotContain("null");
  }

  @Test
  void withoutTokensEverythingIsRefusedAndNothingIsOpened() throws Exception {
    ModalSandboxProvider provider = new ModalSandboxProvider(Map.of());
    provider.open(context(Map.of(), Map.of()));
    assertThat(provider.capabilities())
        .contains(SandboxCapability.ISOLATION)
        .doesNotContain(SandboxCapability.ENDPOINT);
    for (ThrowingCallable call :
        List.<ThrowingCallable>of(
            provider::list,
            () -> provider.create(SandboxSpec.named("a")),
            () -> provider.attach("sb-x"),
            () -> provider.terminate("sb-x"))) {
      assertRefused("MODAL_TOKEN_ID", call);
    }
    assertThat(provider.health())
        .singleElement()
        .satisfies(found -> assertThat(found.problem()).contains("MODAL_TOKEN_ID"));
    provider.close();
    provider.close();
  }

  private ModalSettings read(
      Map<String, String> settings, Map<String, Secret> secrets, Map<String, String> variables) {
    Map<String, String> all = new HashMap<>(variables);
    all.putIfAbsent("HOME", folder.toString());
    return ModalSettings.read(context(settings, secrets), all);
  }

  private TestProviderContext context(Map<String, String> settings, Map<String, Secret> secrets) {
    return new TestProviderContext("test", folder, InstantSource.system(), settings, secrets);
  }

  private static void assertRefused(String reason, ThrowingCallable call) {
    assertThatThrownBy(call)
        .isInstanceOfSatisfying(
            AgentRuntimeException.class,
            e -> assertThat(e.code()).isEqualTo(StandardError.CONFIGURATION))
        .hasMessageContaining(reason);
  }
}
