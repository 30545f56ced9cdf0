// SPDX-License-Identifier: MIT

package io.agentruntime.app.wiring;

import static org.assertj.core.api.Assertions.assertThat;

import io.agentruntime.core.provider.SecretSource;
import io.agentruntime.core.sandbox.AgentEnvironment;
import io.agentruntime.model.profile.AgentProfile;
import io.agentruntime.spi.Secret;
import io.agentruntime.spi.architecture.AgentArchitecture;
import io.agentruntime.spi.sandbox.SandboxSpec;
import io.agentruntime.testkit.TestProviderContext;
import io.agentruntime.testkit.architecture.ProfileBuilder;
import io.agentruntime.testkit.sandbox.FakeSandboxProvider;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.Map;
import java.util.Optional;
import java.util.ServiceLoader;
import java.util.Set;
import java.util.TreeSet;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Which of the server's keys each agent gets; the server has all that were ever named. */
class AgentKeysTest {
  private static final SecretSource ALL = name -> Optional.of(Secret.of("value of " + name));

  @TempDir private Path folder;
  private final FakeSandboxProvider sandboxes = new FakeSandboxProvider();

  @BeforeEach
  void open() {
    sandboxes.open(new TestProviderContext("keys", folder, InstantSource.system(), Map.of()));
  }

  /** The names of the keys and tokens that reach a session's agent. */
  private Set<String> keys(String architecture, AgentProfile profile, Map<String, Object> options)
      throws InterruptedException {
    AgentArchitecture agent =
        ServiceLoader.load(AgentArchitecture.class).stream()
            .map(ServiceLoader.Provider::get)
            .filter(each -> each.id().equals(architecture))
            .findFirst()
            .orElseThrow();
    Set<String> keys = new TreeSet<>();
    new AgentEnvironment(ALL)
            .variables(agent, profile, options, sandboxes.create(SandboxSpec.named("box")))
            .keySet()
            .stream()
            .filter(name -> name.endsWith("_KEY") || name.endsWith("_TOKEN"))
            .forEach(keys::add);
    return keys;
  }

  private static AgentProfile profile(Map<String, Object> defaults) {
    return new ProfileBuilder().defaultOptions(defaults).build();
  }

  @Test
  void claudeGetsItsOwn() throws Exception {
    assertThat(keys("claude-agent-sdk", profile(Map.of()), Map.of()))
        .containsExactly("ANTHROPIC_API_KEY", "ANTHROPIC_AUTH_TOKEN", "CLAUDE_CODE_OAUTH_TOKEN");
  }

  @Test
  void geminiGetsItsOwn() throws Exception {
    assertThat(keys("gemini-cli", profile(Map.of()), Map.of())).containsExactly("GEMINI_API_KEY");
  }

  @Test
  void openCodeGetsThatOfTheProviderItAsks() throws Exception {
    assertThat(keys("opencode", profile(Map.of()), Map.of())).containsExactly("OPENCODE_API_KEY");
    assertThat(keys("opencode", profile(Map.of()), Map.of("model", "anthropic/some-model")))
        .containsExactly("ANTHROPIC_API_KEY");
  }

  @Test
  void openCodeGetsTheKeyThatItsProfileRefersTo() throws Exception {
    Map<String, Object> provider =
        Map.of(
            "npm",
            "@ai-sdk/openai-compatible",
            "options",
            Map.of("baseURL", "https://models.example.com/v1", "apiKey", "{env:GROQ_API_KEY}"),
            "models",
            Map.of("large", Map.of()));
    AgentProfile acme =
        profile(Map.of("model", "acme/large", "providers", Map.of("acme", provider)));

    assertThat(keys("opencode", acme, Map.of())).containsExactly("GROQ_API_KEY");
  }
}
