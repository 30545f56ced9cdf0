// SPDX-License-Identifier: MIT

package io.agentruntime.core;

import static io.agentruntime.core.RuntimeFixture.only;
import static io.agentruntime.core.RuntimeFixture.until;
import static io.agentruntime.core.RuntimeFixture.untilTurnEnds;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.agentruntime.core.provider.SecretSource;
import io.agentruntime.core.session.MessageRequest;
import io.agentruntime.core.session.Session;
import io.agentruntime.error.AgentRuntimeException;
import io.agentruntime.error.StandardError;
import io.agentruntime.model.event.EventEnvelope;
import io.agentruntime.model.event.SessionEvent;
import io.agentruntime.model.workspace.WorkspaceFile;
import io.agentruntime.spi.architecture.Credentials;
import io.agentruntime.testkit.architecture.ScriptedArchitecture;
import io.agentruntime.testkit.sandbox.FakeSandboxProvider;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Secrets, wrong providers and bad wishes. */
class SafetyTest {
  private static final String CANARY = "sk-canary-0123456789abcdef";

  @TempDir Path folder;

  private static ScriptedArchitecture needingAKey() {
    return new ScriptedArchitecture(
        true, new Credentials(List.of("AGENT_KEY"), Set.of("AGENT_KEY"), List.of("AGENT_URL")));
  }

  @Test
  void aKeyThatTheAgentPrintsStandsNowhere() throws Exception {
    try (RuntimeFixture fixture =
        RuntimeFixture.start(
            folder,
            config ->
                config.secrets(
                    SecretSource.of(Map.of("AGENT_KEY", CANARY, "OTHER", "not for agents"))),
            needingAKey(),
            List.of())) {
      Session session = fixture.create();
      session.send(
          MessageRequest.text("env AGENT_KEY then env OTHER then write k.txt x " + CANARY));
      List<EventEnvelope> events =
          until(session, event -> event instanceof SessionEvent.TranscriptSaved);

      List<EventEnvelope> withoutTheUsersOwnWords =
          events.stream()
              .filter(e -> !(e.event() instanceof SessionEvent.TurnQueued))
              .filter(e -> !(e.event() instanceof SessionEvent.InputApplied))
              .filter(e -> !e.event().toString().contains("UserMessage"))
              .toList();
      assertThat(withoutTheUsersOwnWords.toString())
          .doesNotContain(CANARY)
          .contains("*".repeat(CANARY.length()))
          .doesNotContain("not for agents");
      WorkspaceFile file = session.view().files().getFirst();
      try (InputStream content = session.open(file)) {
        assertThat(new String(content.readAllBytes(), StandardCharsets.UTF_8))
            .doesNotContain(CANARY);
      }
      assertThat(fixture.runtime().redact("x" + CANARY)).doesNotContain(CANARY);
    }
  }

  @Test
  void anAgentGetsOnlyTheKeyThatItsSessionCallsFor() throws Exception {
    Credentials two =
        new Credentials(List.of("ONE_KEY", "TWO_KEY"), Set.of("ONE_KEY", "TWO_KEY"), List.of());
    Map<String, String> keys = Map.of("ONE_KEY", "another-canary-012345", "TWO_KEY", CANARY);
    try (RuntimeFixture fixture =
        RuntimeFixture.start(
            folder,
            config -> config.secrets(SecretSource.of(keys)),
            new ScriptedArchitecture(true, two),
            List.of())) {
      Session session =
          fixture
              .runtime()
              .sessions()
              .create(
                  new CreateSession(
                      "scripted",
                      "default",
                      Map.of("key", "TWO_KEY"),
                      null,
                      Map.of(),
                      null,
                      List.of(),
                      null,
                      null));
      session.send(MessageRequest.text("env ONE_KEY then env TWO_KEY"));
      String said = untilTurnEnds(session, 1).toString();

      assertThat(said)
          .contains("(not set)")
          .contains("*".repeat(CANARY.length()))
          .doesNotContain("canary");
    }
  }

  @Test
  void anAgentWithoutAKeyFailsItsTurnNamingTheVariable() throws Exception {
    try (RuntimeFixture fixture =
        RuntimeFixture.start(folder, config -> config, needingAKey(), List.of())) {
      Session session = fixture.create();
      session.send(MessageRequest.text("say x"));
      assertThat(only(untilTurnEnds(session, 1), SessionEvent.TurnFailed.class))
          .singleElement()
          .satisfies(
              f -> {
                assertThat(f.code()).isEqualTo("MISSING_CREDENTIAL");
                assertThat(f.message()).contains("AGENT_KEY");
              });
      assertThat(fixture.sandboxes().created()).isZero();
    }
  }

  @Test
  void nonsenseFromTheProgramHarmsNothing() throws Exception {
    try (RuntimeFixture fixture = RuntimeFixture.start(folder)) {
      Session session = fixture.create();
      session.send(MessageRequest.text("garble then say fine"));
      assertThat(only(untilTurnEnds(session, 1), SessionEvent.TurnCompleted.class)).hasSize(1);
    }
  }

  @Test
  void wrongWishesAreRefusedByName() throws Exception {
    try (RuntimeFixture fixture = RuntimeFixture.start(folder)) {
      assertThatThrownBy(
              () -> fixture.runtime().sessions().create(CreateSession.of("nope", "default")))
          .isInstanceOfSatisfying(
              AgentRuntimeException.class,
              e -> {
                assertThat(e.code()).isEqualTo(StandardError.UNKNOWN_ARCHITECTURE);
                assertThat(e.getMessage()).contains("nope").contains("scripted");
              });
      assertThatThrownBy(
              () -> fixture.runtime().sessions().create(CreateSession.of("scripted", "nope")))
          .isInstanceOfSatisfying(
              AgentRuntimeException.class,
              e -> assertThat(e.code()).isEqualTo(StandardError.UNKNOWN_PROFILE));
    }
  }

  @Test
  void ofTwoProvidersOfOneNameTheSecondIsListedAndNotUsed() throws Exception {
    try (RuntimeFixture fixture =
        RuntimeFixture.start(
            folder,
            config -> config,
            new ScriptedArchitecture(),
            List.of(new FakeSandboxProvider()))) {
      assertThat(fixture.runtime().providers())
          .filteredOn(info -> info.id().equals("fake"))
          .satisfiesExactly(
              first -> assertThat(first.problem()).isNull(),
              second -> {
                assertThat(second.active()).isFalse();
                assertThat(second.problem()).contains("another provider").contains("fake");
              });
    }
  }

  @Test
  void anUnknownChoiceStopsTheStartNamingTheKey() {
    assertThatThrownBy(() -> RuntimeFixture.start(folder, config -> config.persistence("nope")))
        .isInstanceOfSatisfying(
            AgentRuntimeException.class,
            e ->
                assertThat(e.getMessage())
                    .contains("agent-runtime.persistence")
                    .contains("memory"));
    assertThatThrownBy(() -> RuntimeFixture.start(folder, config -> config.sandbox("nope")))
        .isInstanceOf(AgentRuntimeException.class);
  }

  @Test
  void aFolderServesOneRuntimeAtATime() throws Exception {
    try (RuntimeFixture fixture = RuntimeFixture.start(folder)) {
      assertThat(fixture.runtime().providers()).hasSize(3);
      assertThatThrownBy(() -> RuntimeFixture.start(folder))
          .isInstanceOfSatisfying(
              AgentRuntimeException.class,
              e -> assertThat(e.getMessage()).contains("another runtime"));
    }
  }
}
