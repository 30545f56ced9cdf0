// SPDX-License-Identifier: MIT

package io.agentruntime.core;

import static org.assertj.core.api.Assertions.assertThat;

import io.agentruntime.core.session.MessageRequest;
import io.agentruntime.core.session.Session;
import io.agentruntime.error.AgentRuntimeException;
import io.agentruntime.error.StandardError;
import io.agentruntime.model.event.EventEnvelope;
import io.agentruntime.model.event.SessionEvent;
import io.agentruntime.model.session.SessionId;
import io.agentruntime.model.session.SessionRecord;
import io.agentruntime.persistence.memory.InMemoryPersistenceAdapter;
import io.agentruntime.spi.persistence.PersistenceAdapter;
import io.agentruntime.spi.persistence.SessionQuery;
import io.agentruntime.testkit.architecture.ScriptedArchitecture;
import io.agentruntime.testkit.persistence.FaultyPersistence;
import io.agentruntime.testkit.sandbox.SandboxBench;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Proxy;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What becomes of sessions that nobody uses any more. */
class HousekeepingTest {
  private final InMemoryPersistenceAdapter store = new InMemoryPersistenceAdapter();

  /** Whether old sessions can be found: not while a slow machine still makes them. */
  private final AtomicBoolean searchable = new AtomicBoolean(true);

  @TempDir Path folder;

  @Test
  void aSessionThatLeavesMemoryKeepsItsBlocksAndItsNumbersButNotTheirDeltas() throws Exception {
    try (RuntimeFixture fixture = start(Duration.ZERO)) {
      Session session = fixture.create();
      session.send(MessageRequest.text("stream 40"));
      List<EventEnvelope> told = RuntimeFixture.untilTurnEnds(session, 1);
      assertThat(told).anyMatch(HousekeepingTest::isDelta);
      SessionId id = session.id();
      var before = session.view().conversation().blocks();
      fixture.runtime().sessions().unload(id);
      long last = store.events().last(id);

      SandboxBench.await(
          "no delta is left", () -> events(id).stream().noneMatch(HousekeepingTest::isDelta));

      assertThat(store.events().last(id)).isEqualTo(last);
      assertThat(fixture.runtime().sessions().get(id).view().conversation().blocks())
          .isEqualTo(before);
    }
  }

  @Test
  void sessionsThatNobodyUsesAreRemovedAfterTheirTimeAndThoseInMemoryAreNot() throws Exception {
    searchable.set(false);
    try (RuntimeFixture fixture = start(Duration.ofMillis(300))) {
      SessionId used = fixture.create().id();
      Session left = fixture.create();
      left.send(MessageRequest.text("write notes.txt hello"));
      RuntimeFixture.untilTurnEnds(left, 1);
      fixture.runtime().sessions().unload(left.id());
      searchable.set(true);

      SandboxBench.await("only one is left", () -> listed(fixture).equals(List.of(used)));

      assertThat(events(left.id())).isEmpty();
      assertThat(store.loadSession(left.id())).isEmpty();
      assertThat(fixture.runtime().sessions().loaded(used)).isPresent();
    }
  }

  private RuntimeFixture start(Duration retention) throws InterruptedException {
    FaultyPersistence wrapped = new FaultyPersistence(searched(store, searchable));
    return RuntimeFixture.start(
        folder,
        config -> config.persistence(wrapped.id()).retention(retention),
        new ScriptedArchitecture(),
        List.of(wrapped));
  }

  /** The store, in which sessions can only be looked for while that is allowed. */
  private static PersistenceAdapter searched(PersistenceAdapter store, AtomicBoolean allowed) {
    return (PersistenceAdapter)
        Proxy.newProxyInstance(
            PersistenceAdapter.class.getClassLoader(),
            new Class<?>[] {PersistenceAdapter.class},
            (self, method, arguments) -> {
              if (method.getName().equals("query") && !allowed.get()) {
                throw new AgentRuntimeException(StandardError.STORE_UNAVAILABLE, "not yet");
              }
              try {
                return method.invoke(store, arguments);
              } catch (InvocationTargetException e) {
                throw e.getCause();
              }
            });
  }

  private static List<SessionId> listed(RuntimeFixture fixture) throws InterruptedException {
    return fixture.runtime().sessions().list(SessionQuery.first(10)).sessions().stream()
        .map(SessionRecord::id)
        .toList();
  }

  private List<EventEnvelope> events(SessionId id) throws InterruptedException {
    return store.events().read(id, 0, 1000).events();
  }

  private static boolean isDelta(EventEnvelope envelope) {
    return envelope.event() instanceof SessionEvent.BlockDelta;
  }
}
