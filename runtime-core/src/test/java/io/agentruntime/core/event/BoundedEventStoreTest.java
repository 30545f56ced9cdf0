// SPDX-License-Identifier: MIT

package io.agentruntime.core.event;

import static org.assertj.core.api.Assertions.assertThat;

import io.agentruntime.model.conversation.ConversationId;
import io.agentruntime.model.event.EventEnvelope;
import io.agentruntime.model.event.SessionEvent;
import io.agentruntime.model.session.SessionId;
import io.agentruntime.model.turn.DeliveryMode;
import io.agentruntime.model.turn.MessageId;
import io.agentruntime.model.turn.UserContent;
import io.agentruntime.spi.persistence.AppendBatch;
import io.agentruntime.spi.persistence.AppendResult;
import io.agentruntime.spi.persistence.EventPage;
import io.agentruntime.spi.persistence.LeaseEpoch;
import java.time.Instant;
import java.util.List;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;

class BoundedEventStoreTest {
  private static final SessionId ONE = new SessionId("one");
  private static final SessionId TWO = new SessionId("two");

  @Test
  void whatWasForgottenIsToldAndTheRestIsReadInOrder() {
    BoundedEventStore store = new BoundedEventStore(10, 1 << 20);
    append(store, ONE, 1, 25);

    EventPage old = store.read(ONE, 3, 100);
    assertThat(old.complete()).isFalse();
    assertThat(old.events()).extracting(EventEnvelope::seq).first().isEqualTo(16L);
    EventPage page = store.read(ONE, 15, 4);
    assertThat(page.complete()).isTrue();
    assertThat(page.events()).extracting(EventEnvelope::seq).containsExactly(16L, 17L, 18L, 19L);
    assertThat(store.read(ONE, 25, 4).events()).isEmpty();
    assertThat(store.read(ONE, 25, 4).complete()).isTrue();
    assertThat(store.last(ONE)).isEqualTo(25);
  }

  @Test
  void theSessionWrittenToLongestAgoGivesWayAndItsNumbersAreNotUsedAgain() {
    BoundedEventStore store = new BoundedEventStore(1_000, 50_000);
    append(store, ONE, 1, 100);
    append(store, TWO, 1, 100);

    assertThat(store.read(ONE, 0, 100).complete()).isFalse();
    assertThat(store.read(TWO, 50, 100).events()).isNotEmpty();
    assertThat(store.last(ONE)).isEqualTo(100);
    assertThat(store.append(List.of(batch(ONE, 0, 1, 1))).getFirst())
        .isEqualTo(new AppendResult.Conflict(100));
  }

  @Test
  void messagesAndTheAgentsOwnIdOutliveTheOtherEvents() {
    BoundedEventStore store = new BoundedEventStore(5, 1 << 20);
    List<EventEnvelope> first =
        List.of(
            envelope(ONE, 1, queued("a")),
            envelope(ONE, 2, new SessionEvent.NativeSessionBound("native")),
            envelope(ONE, 3, queued("b")));
    store.append(List.of(new AppendBatch(ONE, LeaseEpoch.NONE, 0, first)));
    append(store, ONE, 4, 30);

    assertThat(store.essentials(ONE)).isEqualTo(first);
    store.forget(ONE);
    assertThat(store.essentials(ONE)).isEmpty();
    assertThat(store.last(ONE)).isZero();
  }

  private static SessionEvent queued(String key) {
    return new SessionEvent.TurnQueued(
        new MessageId(key), new UserContent.Text(key), DeliveryMode.QUEUE, key, "hash");
  }

  private static void append(BoundedEventStore store, SessionId id, long from, long to) {
    assertThat(store.append(List.of(batch(id, from - 1, from, to))))
        .containsExactly(new AppendResult.Appended(to));
  }

  private static AppendBatch batch(SessionId id, long expected, long from, long to) {
    return new AppendBatch(
        id,
        LeaseEpoch.NONE,
        expected,
        LongStream.rangeClosed(from, to)
            .mapToObj(n -> envelope(id, n, new SessionEvent.TranscriptSaved(n)))
            .toList());
  }

  private static EventEnvelope envelope(SessionId id, long seq, SessionEvent event) {
    return new EventEnvelope(
        EventEnvelope.SCHEMA,
        id,
        seq,
        ConversationId.MAIN,
        null,
        EventEnvelope.NOT_PROTOCOL,
        Instant.EPOCH,
        event);
  }
}
