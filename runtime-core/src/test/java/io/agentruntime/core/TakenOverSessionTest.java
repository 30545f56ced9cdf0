// SPDX-License-Identifier: MIT

package io.agentruntime.core;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.agentruntime.core.event.EventFeed;
import io.agentruntime.core.event.FeedBatch;
import io.agentruntime.core.session.MessageRequest;
import io.agentruntime.core.session.Session;
import io.agentruntime.error.AgentRuntimeException;
import io.agentruntime.model.event.SessionEvent;
import io.agentruntime.persistence.memory.InMemoryPersistenceAdapter;
import io.agentruntime.spi.persistence.Lease;
import io.agentruntime.testkit.architecture.ScriptedArchitecture;
import io.agentruntime.testkit.persistence.FaultyPersistence;
import io.agentruntime.testkit.sandbox.SandboxBench;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A server that finds that one of its sessions belongs to another one now. */
class TakenOverSessionTest {
  private final InMemoryPersistenceAdapter store = new InMemoryPersistenceAdapter();

  @TempDir Path folder;

  @Test
  void aTurnOfASessionThatIsAnothersStoresNothingMoreAndItsSandboxEnds() throws Exception {
    try (RuntimeFixture fixture = start(Duration.ofSeconds(30))) {
      Session session = fixture.create();
      session.send(MessageRequest.text("wait"));
      RuntimeFixture.until(session, SessionEvent.TurnStarted.class::isInstance);
      SandboxBench.await("there is a sandbox", () -> fixture.sandboxes().live().size() == 1);

      EventFeed feed = session.feed(session.view().lastSeq());

      takeOver(session);
      long last = store.events().last(session.id());
      assertThatThrownBy(session::interrupt).isInstanceOf(AgentRuntimeException.class);

      FeedBatch batch = feed.next(RuntimeFixture.PATIENCE);
      while (!batch.ended()) {
        // The beginning of the turn may still have been on its way to the store.
        assertThat(batch.events()).isNotEmpty().allMatch(event -> event.seq() <= last);
        batch = feed.next(RuntimeFixture.PATIENCE);
      }
      assertThat(batch.store()).isEqualTo(FeedBatch.StoreChange.TAKEN_OVER);
      SandboxBench.await("the sandbox has ended", () -> fixture.sandboxes().live().isEmpty());
      SandboxBench.await("the session is let go", () -> !isLoaded(fixture, session));
      assertThat(store.events().last(session.id())).isEqualTo(last);
    }
  }

  @Test
  void aSessionInWhichNothingHappensIsLetGoWhenItsLeaseCannotBeRenewed() throws Exception {
    try (RuntimeFixture fixture = start(Duration.ofMillis(300))) {
      Session session = fixture.create();
      session.send(MessageRequest.text("say hello"));
      RuntimeFixture.untilTurnEnds(session, 1);
      session.sync();
      assertThat(fixture.sandboxes().live()).hasSize(1);

      takeOver(session);

      SandboxBench.await("the sandbox has ended", () -> fixture.sandboxes().live().isEmpty());
      SandboxBench.await("the session is let go", () -> !isLoaded(fixture, session));
    }
  }

  private RuntimeFixture start(Duration lease) throws InterruptedException {
    FaultyPersistence wrapped = new FaultyPersistence(store);
    return RuntimeFixture.start(
        folder,
        config -> config.persistence(wrapped.id()).lease(lease),
        new ScriptedArchitecture(),
        List.of(wrapped));
  }

  /** As its own next server would: nobody else may have it before the lease has run out. */
  private void takeOver(Session session) throws Exception {
    String owner = Files.readString(folder.resolve("runtime-id")).strip();
    Lease lease = store.leases().acquire(session.id(), owner, Duration.ofSeconds(30)).orElseThrow();
    assertThat(lease.id()).isEqualTo(session.id());
  }

  private static boolean isLoaded(RuntimeFixture fixture, Session session) {
    return fixture.runtime().sessions().loaded(session.id()).isPresent();
  }
}
