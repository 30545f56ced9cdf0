// SPDX-License-Identifier: MIT

package io.agentruntime.spi.architecture;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.agentruntime.error.AgentRuntimeException;
import io.agentruntime.error.StandardError;
import io.agentruntime.model.profile.AgentProfile;
import io.agentruntime.model.profile.PermissionPolicy;
import io.agentruntime.model.profile.Rule;
import io.agentruntime.spi.ProviderContext;
import io.agentruntime.spi.Secret;
import java.nio.file.Path;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import java.util.UUID;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What an architecture is that says no more than it must. */
class ArchitectureDefaultsTest {
  private final AgentArchitecture architecture = new Silent();

  @Test
  void itHasNoOtherNamesNoKeysAndNoPrograms() {
    assertThat(architecture.synonyms()).isEmpty();
    assertThat(architecture.executables()).isEmpty();
    assertThat(architecture.credentials()).isEqualTo(none());
    assertThat(architecture.credentials(profile("environment"), Map.of())).isEqualTo(none());
  }

  private static Credentials none() {
    return new Credentials(List.of(), Set.of(), List.of());
  }

  @Test
  void itHasNoSettingsAndSaysSo() {
    architecture.open(settings(Map.of()));
    assertThatThrownBy(() -> architecture.open(settings(Map.of("b", "1", "a", "2"))))
        .hasMessageContaining("'silent'")
        .hasMessageContaining("[a, b]")
        .isInstanceOfSatisfying(
            AgentRuntimeException.class,
            e -> assertThat(e.code()).isEqualTo(StandardError.CONFIGURATION));
    architecture.close();
  }

  @Test
  void itsSessionIdsAreRandomUuids() {
    UUID id = UUID.fromString(architecture.newSessionId(Instant.EPOCH, new Random(1)));
    assertThat(id.version()).isEqualTo(4);
    assertThat(id.variant()).isEqualTo(2);
  }

  @ParameterizedTest
  @ValueSource(strings = {"systemPrompt", "rules", "tools", "permissions"})
  void itRefusesAPartOfAProfileThatItWouldNotHonour(String part) {
    AgentProfile profile = profile(part);
    assertThat(profile.partsForAgent()).containsExactly(part);
    assertThatThrownBy(() -> architecture.validate(profile, Map.of()))
        .hasMessageContaining("profile." + part)
        .isInstanceOfSatisfying(
            AgentRuntimeException.class,
            e -> assertThat(e.code()).isEqualTo(StandardError.PROFILE_FIELD_UNSUPPORTED));
  }

  @Test
  void itTakesVariablesAndWhatTheCoreSeesTo() {
    assertThat(profile("environment").partsForAgent()).containsExactly("environment");
    architecture.validate(profile("environment"), Map.of("model", "any", "other", 1));
    assertThat(AgentProfile.named("p", "P").partsForAgent()).isEmpty();
  }

  @Test
  void itRefusesAModelThatIsNoText() {
    assertThatThrownBy(() -> architecture.validate(profile(""), Map.of("model", 1)))
        .hasMessageContaining("sessionOptions.model");
  }

  private static AgentProfile profile(String part) {
    AgentProfile p = AgentProfile.named("p", "P");
    return new AgentProfile(
        p.id(),
        p.name(),
        "described",
        part.equals("systemPrompt") ? "You are one." : null,
        part.equals("rules")
            ? List.of(new Rule("r", "Be brief.", List.of(), true, Map.of()))
            : List.of(),
        part.equals("tools") ? List.of() : null,
        p.skills(),
        p.subagents(),
        p.commands(),
        p.mcpServers(),
        p.npmDependencies(),
        p.pipDependencies(),
        part.equals("environment") ? Map.of("A", "b") : Map.of(),
        p.workspaceFiles(),
        p.plugins(),
        p.hooks(),
        part.equals("permissions") ? PermissionPolicy.ASK : PermissionPolicy.BYPASS,
        Map.of("model", "m"),
        "silent",
        "local");
  }

  private static ProviderContext settings(Map<String, String> settings) {
    return new ProviderContext() {
      @Override
      public String runtimeId() {
        return "r";
      }

      @Override
      public Path dataDirectory() {
        return Path.of("nowhere");
      }

      @Override
      public InstantSource clock() {
        return InstantSource.system();
      }

      @Override
      public Optional<String> setting(String key) {
        return Optional.ofNullable(settings.get(key));
      }

      @Override
      public Set<String> settingKeys() {
        return settings.keySet();
      }

      @Override
      public Optional<Secret> secret(String name) {
        return Optional.empty();
      }
    };
  }

  /** Says no more than it must. */
  private static final class Silent implements AgentArchitecture {
    @Override
    public String id() {
      return "silent";
    }

    @Override
    public Set<ArchitectureCapability> capabilities() {
      return Set.of();
    }

    @Override
    public String decoderVersion() {
      return "1";
    }

    @Override
    public SandboxSetup setup(SetupRequest request) {
      throw new AssertionError("not asked here");
    }

    @Override
    public AgentProgram program(ProgramRequest request) {
      throw new AssertionError("not asked here");
    }

    @Override
    public AgentProtocol protocol(ProtocolStart start) {
      throw new AssertionError("not asked here");
    }

    @Override
    public TranscriptCodec transcripts() {
      throw new AssertionError("not asked here");
    }
  }
}
