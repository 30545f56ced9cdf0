// SPDX-License-Identifier: MIT

package io.agentruntime.testkit.persistence;

import static org.assertj.core.api.Assertions.assertThat;

import io.agentruntime.error.StandardError;
import io.agentruntime.model.block.BlockId;
import io.agentruntime.model.conversation.Conversation;
import io.agentruntime.model.event.DeltaField;
import io.agentruntime.model.event.EventEnvelope;
import io.agentruntime.model.event.SessionEvent;
import io.agentruntime.model.session.SessionId;
import io.agentruntime.spi.persistence.EventPage;
import io.agentruntime.spi.persistence.LeaseEpoch;
import io.agentruntime.spi.persistence.PersistenceCapability;
import java.util.List;
import org.junit.jupiter.api.Test;

@Role({PersistenceCapability.EVENTS, PersistenceCapability.COMPACTION})
abstract class CompactionContract extends RoleContract {
  /** Two completed blocks, interleaved, and one that is still open. */
  private TestLog filled(SessionId id) throws InterruptedException {
    TestLog log = new TestLog(adapter().events(), id, bench().own(id));
    log.append(
        TestLog.started("a"), // 1
        TestLog.delta("a", "1"),
        TestLog.started("b"), // 3
        TestLog.delta("b", "1"),
        TestLog.delta("a", "2"),
        TestLog.completed("a", "12"), // 6
        new SessionEvent.BlockDelta(new BlockId("b"), DeltaField.INPUT, "{}"),
        TestLog.started("c"), // 8
        TestLog.delta("c", "1"), // 9
        TestLog.completed("b", "1"), // 10
        TestLog.delta("c", "2")); // 11
    return log;
  }

  private static List<Long> numbers(List<EventEnvelope> events) {
    return events.stream().map(EventEnvelope::seq).toList();
  }

  @Test
  void deltasOfCompletedBlocksGoAndNothingElse() throws InterruptedException {
    SessionId id = bench().session();
    TestLog log = filled(id);
    List<EventEnvelope> before = log.readAll();
    Conversation conversation = log.fold();
    assertThat(adapter().events().compact(id, log.epoch(), 11)).isEqualTo(4);
    List<EventEnvelope> after = log.readAll();
    assertThat(numbers(after)).containsExactly(1L, 3L, 6L, 8L, 9L, 10L, 11L);
    assertThat(before).containsAll(after);
    assertThat(log.fold()).isEqualTo(conversation);
    assertThat(adapter().events().compact(id, log.epoch(), 11)).isZero();
  }

  @Test
  void blocksThatAreCompletedLaterKeepTheirDeltas() throws InterruptedException {
    SessionId id = bench().session();
    TestLog log = filled(id);
    assertThat(adapter().events().compact(id, log.epoch(), 9)).isEqualTo(2);
    assertThat(numbers(log.readAll())).containsExactly(1L, 3L, 4L, 6L, 7L, 8L, 9L, 10L, 11L);
    assertThat(adapter().events().compact(id, log.epoch(), 10)).isEqualTo(2);
  }

  @Test
  void numbersAndPagesStayRight() throws InterruptedException {
    SessionId id = bench().session();
    TestLog log = filled(id);
    adapter().events().compact(id, log.epoch(), 11);
    assertThat(adapter().events().last(id)).isEqualTo(11);
    EventPage page = adapter().events().read(id, 1, 2);
    assertThat(numbers(page.events())).containsExactly(3L, 6L);
    assertThat(page.last()).isEqualTo(11);
    assertThat(page.complete()).isTrue();
    assertThat(numbers(TestLog.readAll(adapter().events(), id, 4, 1)))
        .containsExactly(6L, 8L, 9L, 10L, 11L);
    assertThat(log.append(TestLog.completed("c", "12")).getFirst().seq()).isEqualTo(12);
  }

  @Test
  void anUnknownSessionIsRefused() {
    assertRefused(
        StandardError.SESSION_NOT_FOUND,
        () -> adapter().events().compact(NOBODY, LeaseEpoch.NONE, 1));
  }

  @Test
  void otherSessionsAreLeftAlone() throws InterruptedException {
    SessionId id = bench().session();
    SessionId other = bench().session();
    TestLog log = filled(id);
    TestLog untouched = filled(other);
    adapter().events().compact(id, log.epoch(), 11);
    assertThat(untouched.readAll()).hasSize(11);
  }
}
