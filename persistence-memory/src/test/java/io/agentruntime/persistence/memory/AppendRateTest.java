// SPDX-License-Identifier: MIT

package io.agentruntime.persistence.memory;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assertions.assertTimeout;

import io.agentruntime.model.block.BlockId;
import io.agentruntime.model.conversation.ConversationId;
import io.agentruntime.model.event.DeltaField;
import io.agentruntime.model.event.EventEnvelope;
import io.agentruntime.model.event.SessionEvent;
import io.agentruntime.model.session.SessionId;
import io.agentruntime.model.session.SessionRecord;
import io.agentruntime.spi.persistence.AppendBatch;
import io.agentruntime.spi.persistence.LeaseEpoch;
import io.agentruntime.testkit.TestClock;
import io.agentruntime.testkit.TestProviderContext;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class AppendRateTest {
  private static final int SESSIONS = 50;
  private static final int ROUNDS = 500;
  private static final int EVENTS = 20;

  @Test
  void halfAMillionEventsAreAppendedInSeconds(@TempDir Path folder) throws InterruptedException {
    TestClock clock = new TestClock();
    InMemoryPersistenceAdapter adapter = new InMemoryPersistenceAdapter();
    adapter.open(TestProviderContext.in(folder, clock));
    List<SessionId> ids = new ArrayList<>();
    for (int i = 0; i < SESSIONS; i++) {
      SessionId id = new SessionId("s" + i);
      ids.add(id);
      adapter.createSessionRecord(
          new SessionRecord(id, "x", "p", Map.of(), clock.instant(), null, null, Map.of(), null));
    }
    // A tenth of the rate that the store is meant for, because the machine may be busy.
    assertTimeout(Duration.ofSeconds(50), () -> fill(adapter, clock, ids));
    for (SessionId id : ids) {
      assertThat(adapter.events().last(id)).isEqualTo(ROUNDS * EVENTS);
    }
    adapter.close();
  }

  private static void fill(InMemoryPersistenceAdapter adapter, TestClock clock, List<SessionId> ids)
      throws InterruptedException {
    SessionEvent delta =
        new SessionEvent.BlockDelta(new BlockId("b"), DeltaField.TEXT, "a few words of text");
    for (long round = 0; round < ROUNDS; round++) {
      List<AppendBatch> batches = new ArrayList<>();
      for (SessionId id : ids) {
        List<EventEnvelope> events = new ArrayList<>();
        for (int i = 0; i < EVENTS; i++) {
          long seq = round * EVENTS + i + 1;
          events.add(
              new EventEnvelope(1, id, seq, ConversationId.MAIN, null, 0, clock.instant(), delta));
        }
        batches.add(new AppendBatch(id, LeaseEpoch.NONE, round * EVENTS, events));
      }
      adapter.events().append(batches);
    }
  }
}
