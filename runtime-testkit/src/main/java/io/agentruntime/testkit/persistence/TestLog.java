// SPDX-License-Identifier: MIT

package io.agentruntime.testkit.persistence;

import io.agentruntime.model.block.Block;
import io.agentruntime.model.block.BlockHeader;
import io.agentruntime.model.block.BlockId;
import io.agentruntime.model.conversation.Conversation;
import io.agentruntime.model.conversation.ConversationFold;
import io.agentruntime.model.conversation.ConversationId;
import io.agentruntime.model.event.DeltaField;
import io.agentruntime.model.event.EventEnvelope;
import io.agentruntime.model.event.SessionEvent;
import io.agentruntime.model.session.SessionId;
import io.agentruntime.model.turn.TurnId;
import io.agentruntime.spi.persistence.AppendBatch;
import io.agentruntime.spi.persistence.AppendResult;
import io.agentruntime.spi.persistence.EventPage;
import io.agentruntime.spi.persistence.EventStore;
import io.agentruntime.spi.persistence.LeaseEpoch;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;

/** One session's log, as its owner writes and its readers read it. Confined to one thread. */
final class TestLog {
  private static final Instant START = Instant.parse("2026-01-01T00:00:00.001Z");

  private final EventStore store;
  private final SessionId id;
  private final LeaseEpoch epoch;
  private long last;

  TestLog(EventStore store, SessionId id, LeaseEpoch epoch) {
    this.store = store;
    this.id = id;
    this.epoch = epoch;
  }

  static SessionEvent delta(String block, String text) {
    return new SessionEvent.BlockDelta(new BlockId(block), DeltaField.TEXT, text);
  }

  static SessionEvent started(String block) {
    return new SessionEvent.BlockStarted(
        new Block.AssistantText(BlockHeader.pending(block), "", null));
  }

  static SessionEvent completed(String block, String text) {
    return new SessionEvent.BlockCompleted(
        new Block.AssistantText(BlockHeader.complete(block), text, null));
  }

  static EventEnvelope envelope(SessionId id, long seq, SessionEvent event) {
    boolean protocol = event instanceof SessionEvent.StreamEvent;
    return new EventEnvelope(
        EventEnvelope.SCHEMA,
        id,
        seq,
        ConversationId.MAIN,
        protocol ? new TurnId("turn-1") : null,
        protocol ? (int) seq : EventEnvelope.NOT_PROTOCOL,
        START.plusMillis(seq),
        event);
  }

  static AppendBatch batch(
      SessionId id, LeaseEpoch epoch, long expectedLast, List<? extends SessionEvent> events) {
    List<EventEnvelope> envelopes = new ArrayList<>();
    for (SessionEvent event : events) {
      envelopes.add(envelope(id, expectedLast + 1 + envelopes.size(), event));
    }
    return new AppendBatch(id, epoch, expectedLast, envelopes);
  }

  /** A batch of deltas. */
  static AppendBatch deltas(SessionId id, LeaseEpoch epoch, long expectedLast, int count) {
    List<SessionEvent> events = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      events.add(delta("b", "text " + (expectedLast + 1 + i)));
    }
    return batch(id, epoch, expectedLast, events);
  }

  /** Appends, which must succeed, and gives back what was appended. */
  List<EventEnvelope> append(SessionEvent... events) throws InterruptedException {
    return append(batch(id, epoch, last, List.of(events)));
  }

  List<EventEnvelope> append(AppendBatch batch) throws InterruptedException {
    List<AppendResult> results = store.append(List.of(batch));
    last += batch.events().size();
    if (!results.equals(List.of(new AppendResult.Appended(last)))) {
      throw new AssertionError("the append failed: " + results);
    }
    return batch.events();
  }

  long last() {
    return last;
  }

  LeaseEpoch epoch() {
    return epoch;
  }

  List<EventEnvelope> readAll() throws InterruptedException {
    return readAll(store, id, 0, 1000);
  }

  static List<EventEnvelope> readAll(EventStore store, SessionId id, long after, int limit)
      throws InterruptedException {
    List<EventEnvelope> events = new ArrayList<>();
    long cursor = after;
    while (true) {
      EventPage page = store.read(id, cursor, limit);
      events.addAll(page.events());
      if (page.events().size() < limit) {
        return events;
      }
      cursor = page.events().getLast().seq();
    }
  }

  Conversation fold() throws InterruptedException {
    ConversationFold fold = new ConversationFold();
    readAll().forEach(event -> fold.apply(event.conversationId(), event.event()));
    return fold.snapshot();
  }
}
