// SPDX-License-Identifier: MIT

package io.agentruntime.persistence.memory;

import io.agentruntime.error.AgentRuntimeException;
import io.agentruntime.model.block.BlockId;
import io.agentruntime.model.conversation.ConversationId;
import io.agentruntime.model.event.EventEnvelope;
import io.agentruntime.model.event.SessionEvent;
import io.agentruntime.model.session.SessionId;
import io.agentruntime.model.session.SessionRecord;
import io.agentruntime.spi.persistence.AppendBatch;
import io.agentruntime.spi.persistence.AppendResult;
import io.agentruntime.spi.persistence.EventPage;
import io.agentruntime.spi.persistence.EventStore;
import io.agentruntime.spi.persistence.LeaseEpoch;
import io.agentruntime.support.json.ByteEstimate;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Event logs as lists. Thread-safe. */
final class InMemoryEventStore implements EventStore {
  private final MemorySessions sessions;

  InMemoryEventStore(MemorySessions sessions) {
    this.sessions = sessions;
  }

  @Override
  public List<AppendResult> append(List<AppendBatch> batches) {
    sessions.budget();
    return batches.stream().map(this::append).toList();
  }

  private AppendResult append(AppendBatch batch) {
    try {
      return sessions.require(batch.id(), session -> append(session, batch));
    } catch (AgentRuntimeException e) {
      return new AppendResult.Failed(e);
    }
  }

  private static AppendResult append(MemorySession session, AppendBatch batch) {
    if (batch.epoch().compareTo(session.newestEpoch) < 0) {
      return new AppendResult.Fenced(session.newestEpoch);
    }
    if (batch.expectedLast() != session.lastSeq) {
      return new AppendResult.Conflict(session.lastSeq);
    }
    session.charge(bytes(batch.events()));
    session.events.addAll(batch.events());
    session.lastSeq += batch.events().size();
    session.openMessages = batch.openMessages();
    return new AppendResult.Appended(session.lastSeq);
  }

  private static long bytes(List<EventEnvelope> events) {
    long bytes = 0;
    for (EventEnvelope event : events) {
      bytes += ByteEstimate.of(event);
    }
    return bytes;
  }

  @Override
  public EventPage read(SessionId id, long after, int limit) {
    if (limit < 1) {
      throw AgentRuntimeException.invalid("limit", "1 or more");
    }
    return sessions
        .read(id, session -> page(session, after, limit))
        .orElseGet(() -> new EventPage(List.of(), 0, true));
  }

  private static EventPage page(MemorySession session, long after, int limit) {
    int from = firstAfter(session.events, after);
    int to = (int) Math.min(session.events.size(), (long) from + limit);
    return new EventPage(session.events.subList(from, to), session.lastSeq, true);
  }

  /** Binary search: compaction leaves holes in the numbers. */
  private static int firstAfter(List<EventEnvelope> events, long after) {
    int low = 0;
    int high = events.size();
    while (low < high) {
      int middle = (low + high) >>> 1;
      if (events.get(middle).seq() <= after) {
        low = middle + 1;
      } else {
        high = middle;
      }
    }
    return low;
  }

  @Override
  public long last(SessionId id) {
    return sessions.read(id, session -> session.lastSeq).orElse(0L);
  }

  @Override
  public List<SessionId> unfinished(@Nullable SessionId after, int limit) {
    if (limit < 1) {
      throw AgentRuntimeException.invalid("limit", "1 or more");
    }
    return sessions.records().stream()
        .map(SessionRecord::id)
        .filter(id -> after == null || id.value().compareTo(after.value()) > 0)
        .filter(id -> sessions.read(id, session -> session.openMessages > 0).orElse(false))
        .sorted(Comparator.comparing(SessionId::value))
        .limit(limit)
        .toList();
  }

  @Override
  public long compact(SessionId id, LeaseEpoch epoch, long upTo) {
    return sessions.write(id, epoch, session -> compact(session, upTo));
  }

  /** A block in its conversation. */
  private record Slot(ConversationId conversation, BlockId block) {}

  private static long compact(MemorySession session, long upTo) {
    Map<Slot, Long> completedAt = new HashMap<>();
    for (EventEnvelope event : session.events) {
      if (event.seq() <= upTo && event.event() instanceof SessionEvent.BlockCompleted completed) {
        completedAt.put(new Slot(event.conversationId(), completed.block().id()), event.seq());
      }
    }
    List<EventEnvelope> kept = new ArrayList<>();
    long freed = 0;
    for (EventEnvelope event : session.events) {
      if (event.event() instanceof SessionEvent.BlockDelta delta
          && event.seq()
              < completedAt.getOrDefault(new Slot(event.conversationId(), delta.blockId()), 0L)) {
        freed += ByteEstimate.of(event);
      } else {
        kept.add(event);
      }
    }
    long dropped = session.events.size() - kept.size();
    session.events = kept;
    session.charge(-freed);
    return dropped;
  }
}
