// SPDX-License-Identifier: MIT

package io.agentruntime.core;

import static io.agentruntime.core.RuntimeFixture.untilTurnEnds;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.agentruntime.core.profile.ProfileSource;
import io.agentruntime.core.session.MessageRequest;
import io.agentruntime.core.session.Session;
import io.agentruntime.error.AgentRuntimeException;
import io.agentruntime.error.StandardError;
import io.agentruntime.model.profile.AgentProfile;
import io.agentruntime.spi.sandbox.SandboxProvider;
import io.agentruntime.support.json.ProfileMaps;
import io.agentruntime.testkit.architecture.ScriptedArchitecture;
import io.agentruntime.testkit.sandbox.FakeSandboxProvider;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Proxy;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Which sandbox and which architecture a session gets: its own word, its profile's, the runtime's.
 */
class SelectionTest {
  private static final AgentProfile SILENT = AgentProfile.named("silent", "Silent");
  private static final AgentProfile CHOOSING =
      ProfileMaps.read(
          Map.of(
              "id",
              "choosing",
              "name",
              "Choosing",
              "architecture",
              "scripted",
              "sandbox",
              "other"));

  @TempDir Path folder;

  private final FakeSandboxProvider other = new FakeSandboxProvider();

  @Test
  void severalSandboxProvidersServeTheSessionsOfOneRuntime() throws Exception {
    try (RuntimeFixture fixture = start(config -> config.sandbox("fake"))) {
      turn(fixture, wish("scripted", "silent", null));
      turn(fixture, wish("scripted", "silent", "other"));
      turn(fixture, wish("scripted", "silent", "other"));

      assertThat(fixture.sandboxes().created()).isEqualTo(1);
      assertThat(other.created()).isEqualTo(2);
    }
  }

  @Test
  void aProfileChoosesForSessionsThatSayNothing() throws Exception {
    try (RuntimeFixture fixture = start(config -> config.sandbox("fake"))) {
      Session session = turn(fixture, wish(null, "choosing", null));

      assertThat(session.view().record().architecture()).isEqualTo("scripted");
      assertThat(session.view().record().sandboxProvider()).isEqualTo("other");
      assertThat(other.created()).isEqualTo(1);
      assertThat(fixture.sandboxes().created()).isZero();
    }
  }

  @Test
  void theSessionsWordCountsBeforeItsProfiles() throws Exception {
    try (RuntimeFixture fixture = start(config -> config.sandbox("other"))) {
      Session session = turn(fixture, wish("scripted-agent", "choosing", "fake"));

      assertThat(session.view().record().architecture()).isEqualTo("scripted-agent");
      assertThat(fixture.sandboxes().created()).isEqualTo(1);
      assertThat(other.created()).isZero();
    }
  }

  @Test
  void theRuntimeChoosesWhereNobodyElseDoes() throws Exception {
    try (RuntimeFixture fixture =
        start(config -> config.sandbox("other").architecture("scripted-agent"))) {
      Session session = turn(fixture, wish(null, "silent", null));

      assertThat(session.view().record().architecture()).isEqualTo("scripted-agent");
      assertThat(other.created()).isEqualTo(1);
    }
  }

  @Test
  void withoutAnyChoiceTheKnownArchitecturesAreListed() throws Exception {
    try (RuntimeFixture fixture = start(config -> config.sandbox("fake"))) {
      assertThatThrownBy(() -> fixture.runtime().sessions().create(wish(null, "silent", null)))
          .isInstanceOfSatisfying(
              AgentRuntimeException.class,
              e -> assertThat(e.code()).isEqualTo(StandardError.MISSING_ARCHITECTURE))
          .hasMessageContaining("'silent'")
          .hasMessageContaining("known: scripted, scripted-agent");
    }
  }

  @Test
  void anUnknownDefaultStopsTheStart() {
    assertThatThrownBy(() -> start(config -> config.sandbox("fake").architecture("nope")).close())
        .isInstanceOfSatisfying(
            AgentRuntimeException.class,
            e -> assertThat(e.code()).isEqualTo(StandardError.UNKNOWN_ARCHITECTURE));
  }

  private RuntimeFixture start(UnaryOperator<RuntimeConfig.Builder> change)
      throws InterruptedException {
    return RuntimeFixture.start(
        folder,
        config -> change.apply(config.profiles(ProfileSource.of(List.of(SILENT, CHOOSING)))),
        new ScriptedArchitecture(),
        List.of(named("other", other)));
  }

  private static Session turn(RuntimeFixture fixture, CreateSession wish) throws Exception {
    Session session = fixture.runtime().sessions().create(wish);
    session.send(MessageRequest.text("say hello"));
    untilTurnEnds(session, 1);
    return session;
  }

  private static CreateSession wish(
      @Nullable String architecture, String profile, @Nullable String sandbox) {
    return new CreateSession(
        architecture, profile, Map.of(), null, Map.of(), sandbox, List.of(), null, null);
  }

  /** The same provider under another id. */
  private static SandboxProvider named(String id, SandboxProvider provider) {
    return (SandboxProvider)
        Proxy.newProxyInstance(
            SandboxProvider.class.getClassLoader(),
            new Class<?>[] {SandboxProvider.class},
            (proxy, method, arguments) -> {
              if (method.getName().equals("id")) {
                return id;
              }
              try {
                return method.invoke(provider, arguments);
              } catch (InvocationTargetException e) {
                throw e.getCause();
              }
            });
  }
}
