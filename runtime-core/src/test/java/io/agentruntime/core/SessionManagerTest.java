// SPDX-License-Identifier: MIT

package io.agentruntime.core;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import io.agentruntime.core.session.MessageRequest;
import io.agentruntime.core.session.Session;
import io.agentruntime.core.session.SessionDirectory;
import io.agentruntime.error.AgentRuntimeException;
import io.agentruntime.error.StandardError;
import io.agentruntime.model.session.RuntimeState;
import io.agentruntime.model.session.SandboxStatus;
import io.agentruntime.model.session.SessionId;
import io.agentruntime.testkit.sandbox.SandboxBench;
import java.nio.file.Path;
import java.util.Objects;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What a program that embeds the runtime does with sessions from outside of them. */
class SessionManagerTest {
  @TempDir Path folder;
  private RuntimeFixture fixture;
  private SessionDirectory sessions;

  @BeforeEach
  void start() throws InterruptedException {
    fixture = RuntimeFixture.start(folder);
    sessions = fixture.runtime().sessions();
  }

  @AfterEach
  void stop() {
    fixture.close();
  }

  @Test
  void sessionsAreInMemoryUntilTheyAreUnloaded() throws Exception {
    SessionId id = fixture.create().id();
    assertThat(sessions.loaded()).extracting(Session::id).containsExactly(id);
    assertThat(sessions.loaded(id)).isPresent();

    assertThat(sessions.unload(id)).isTrue();

    assertThat(sessions.loaded()).isEmpty();
    assertThat(sessions.loaded(id)).isEmpty();
    assertThat(sessions.exists(id)).isTrue();
    assertThat(sessions.unload(id)).as("once more").isFalse();
  }

  @Test
  void aSessionThatIsNotInMemoryIsLoadedWithItsConversationWhenItIsAskedFor() throws Exception {
    Session before = fixture.create();
    before.send(MessageRequest.text("say hello"));
    RuntimeFixture.untilTurnEnds(before, 1);
    sessions.unload(before.id());

    Session after = sessions.get(before.id());

    assertThat(after.view().conversation().blocks())
        .isNotEmpty()
        .isEqualTo(before.view().conversation().blocks());
    assertThat(sessions.loaded()).hasSize(1);
  }

  @Test
  void theStateTellsOfTheSandboxAndGoesWithTheSession() throws Exception {
    Session session = fixture.create();
    assertThat(sessions.runtimeState(session.id())).isEqualTo(RuntimeState.IDLE);

    session.send(MessageRequest.text("say hello"));
    RuntimeFixture.untilTurnEnds(session, 1);

    RuntimeState state = sessions.runtimeState(session.id());
    assertThat(state.loaded()).isTrue();
    assertThat(Objects.requireNonNull(state.sandbox()).status()).isEqualTo(SandboxStatus.READY);
    sessions.unload(session.id());
    assertThat(sessions.runtimeState(session.id())).isEqualTo(RuntimeState.UNLOADED);
  }

  @Test
  void unknownSessionsAreNamedAsSuch() {
    SessionId unknown = new SessionId("unknown-session");

    assertThatExceptionOfType(AgentRuntimeException.class)
        .isThrownBy(() -> sessions.get(unknown))
        .satisfies(e -> assertThat(e.code()).isEqualTo(StandardError.SESSION_NOT_FOUND));
    assertThatExceptionOfType(AgentRuntimeException.class)
        .isThrownBy(() -> sessions.unload(unknown))
        .satisfies(e -> assertThat(e.code()).isEqualTo(StandardError.SESSION_NOT_FOUND));
    assertThat(sessions.loaded(unknown)).isEmpty();
    assertThat(sessions.runtimeState(unknown)).isEqualTo(RuntimeState.UNLOADED);
  }

  @Test
  void whoeverWantsToKnowIsToldThatSessionsCameAndWent() throws Exception {
    AtomicInteger changes = new AtomicInteger();
    try (AutoCloseable listening = sessions.onChange(changes::incrementAndGet)) {
      SessionId id = fixture.create().id();
      int afterCreation = changes.get();
      assertThat(afterCreation).isPositive();

      sessions.unload(id);

      SandboxBench.await("it is told", () -> changes.get() > afterCreation);
    }
  }
}
