// SPDX-License-Identifier: MIT

package io.agentruntime.core.crash;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.agentruntime.core.AgentRuntime;
import io.agentruntime.core.CreateSession;
import io.agentruntime.core.RuntimeConfig;
import io.agentruntime.core.RuntimeFixture;
import io.agentruntime.core.ShutdownMode;
import io.agentruntime.core.profile.ProfileSource;
import io.agentruntime.core.provider.SecretSource;
import io.agentruntime.core.session.MessageRequest;
import io.agentruntime.core.session.Session;
import io.agentruntime.error.AgentRuntimeException;
import io.agentruntime.error.StandardError;
import io.agentruntime.model.block.Block;
import io.agentruntime.model.event.EventEnvelope;
import io.agentruntime.model.event.SessionEvent;
import io.agentruntime.model.profile.AgentProfile;
import io.agentruntime.model.session.SessionId;
import io.agentruntime.model.turn.DeliveryMode;
import io.agentruntime.model.turn.UserContent;
import io.agentruntime.persistence.memory.InMemoryPersistenceAdapter;
import io.agentruntime.testkit.TestProviderContext;
import io.agentruntime.testkit.architecture.ScriptedArchitecture;
import io.agentruntime.testkit.sandbox.FakeSandboxProvider;
import io.agentruntime.testkit.sandbox.SandboxBench;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What a server that is stopped in an orderly way leaves to the next one. */
class NextServerTest {
  private final InMemoryPersistenceAdapter store = new InMemoryPersistenceAdapter();
  private final FakeSandboxProvider sandboxes = new FakeSandboxProvider();

  /** What any server has published, as it came. */
  private final Queue<EventEnvelope> published = new ConcurrentLinkedQueue<>();

  @TempDir Path folder;

  @BeforeEach
  void openStore() throws Exception {
    store.open(TestProviderContext.in(folder.resolve("store"), InstantSource.system()));
  }

  @Test
  void aMessageThatStillWaitsIsAnsweredByTheNextServerThoughNobodyAsks() throws Exception {
    SessionId id;
    try (AgentRuntime first = start(ShutdownMode.END, Duration.ofSeconds(6))) {
      Session session = create(first);
      id = session.id();
      send(session, "wait");
      send(session, "say patience");
      RuntimeFixture.until(session, event -> event instanceof SessionEvent.TurnStarted);
    }
    assertThat(sandboxes.live()).isEmpty();
    assertThat(store.events().unfinished(null, 10)).containsExactly(id);
    try (AgentRuntime next = start(ShutdownMode.END, Duration.ofSeconds(20))) {
      SandboxBench.await("it is answered", () -> store.events().unfinished(null, 10).isEmpty());
      Session session = next.sessions().get(id);
      assertThat(RuntimeFixture.untilTurnEnds(session, 2).getLast().event())
          .isInstanceOf(SessionEvent.TurnCompleted.class);
      assertThat(session.view().conversation().blocks().toString()).contains("patience");
      assertThat(session.view().queue()).isEmpty();
    }
    assertThat(store.events().unfinished(null, 10)).isEmpty();
  }

  @Test
  void aTurnGoesOnWhileAServerThatDetachedIsReplaced() throws Exception {
    SessionId id;
    List<EventEnvelope> seen;
    try (AgentRuntime first = start(ShutdownMode.DETACH, Duration.ofSeconds(20))) {
      Session session = create(first);
      id = session.id();
      send(session, "append log.txt one then wait");
      send(session, "append log.txt two then read log.txt");
      seen = RuntimeFixture.until(session, NextServerTest::isToolResult);
    }
    assertThat(sandboxes.live()).hasSize(1);
    assertThat(published).noneMatch(envelope -> RuntimeFixture.isTurnEnd(envelope.event()));
    assertThat(store.events().unfinished(null, 10)).containsExactly(id);

    try (AgentRuntime next = start(ShutdownMode.END, Duration.ofSeconds(20))) {
      Session session = next.sessions().get(id);
      assertThat(session.interrupt()).isTrue();
      List<EventEnvelope> all = RuntimeFixture.untilTurnEnds(session, 2);
      assertThat(all).startsWith(seen.toArray(EventEnvelope[]::new));
      assertThat(all.stream().map(EventEnvelope::event).filter(RuntimeFixture::isTurnEnd))
          .hasExactlyElementsOfTypes(
              SessionEvent.TurnInterrupted.class, SessionEvent.TurnCompleted.class);
      assertThat(session.view().conversation().blocks().toString()).contains("one\ntwo");
    }
    assertThat(sandboxes.created()).isEqualTo(1);
    assertThat(sandboxes.live()).isEmpty();
  }

  @Test
  void detachingIsRefusedWithoutAStoreToGoOnFrom() {
    AgentRuntimeException refusal =
        catchThrowableOfType(
            AgentRuntimeException.class,
            () ->
                AgentRuntime.start(
                    RuntimeConfig.builder(folder.resolve("server"))
                        .persistence("memory")
                        .shutdownMode(ShutdownMode.DETACH)
                        .build(),
                    List.of(sandboxes.restarted(), new ScriptedArchitecture())));
    assertThat(refusal.code()).isEqualTo(StandardError.CONFIGURATION);
    assertThat(refusal).hasMessageContaining("detach").hasMessageContaining("memory");
  }

  private AgentRuntime start(ShutdownMode mode, Duration shutdownTimeout) throws Exception {
    Path data = Files.createDirectories(folder.resolve("server"));
    AgentRuntime runtime =
        AgentRuntime.start(
            RuntimeConfig.builder(data)
                .persistence(KeptStore.ID)
                .secrets(SecretSource.of(Map.of()))
                .shutdownMode(mode)
                .shutdownTimeout(shutdownTimeout)
                .profiles(ProfileSource.of(List.of(AgentProfile.named("default", "Default"))))
                .build(),
            List.of(KeptStore.of(store), sandboxes.restarted(), new ScriptedArchitecture()));
    runtime.listen(published::addAll);
    return runtime;
  }

  private static Session create(AgentRuntime runtime) throws Exception {
    return runtime.sessions().create(CreateSession.of("scripted", "default"));
  }

  private static void send(Session session, String text) throws Exception {
    session.send(new MessageRequest(new UserContent.Text(text), DeliveryMode.QUEUE, null));
  }

  private static boolean isToolResult(SessionEvent event) {
    return event instanceof SessionEvent.BlockCompleted completed
        && completed.block() instanceof Block.ToolResult;
  }
}
