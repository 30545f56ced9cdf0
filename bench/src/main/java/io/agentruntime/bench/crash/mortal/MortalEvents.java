// SPDX-License-Identifier: MIT

package io.agentruntime.bench.crash.mortal;

import io.agentruntime.model.block.Block;
import io.agentruntime.model.block.ToolStatus;
import io.agentruntime.model.event.EventEnvelope;
import io.agentruntime.model.event.SessionEvent;
import io.agentruntime.model.session.SessionId;
import io.agentruntime.spi.persistence.AppendBatch;
import io.agentruntime.spi.persistence.AppendResult;
import io.agentruntime.spi.persistence.EventPage;
import io.agentruntime.spi.persistence.EventStore;
import io.agentruntime.spi.persistence.LeaseEpoch;
import java.util.List;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/** The log, with points around what is appended. Thread-safe. */
record MortalEvents(EventStore target) implements EventStore {
  @Override
  public List<AppendResult> append(List<AppendBatch> batches) throws InterruptedException {
    List<SessionEvent> events =
        batches.stream()
            .flatMap(batch -> batch.events().stream())
            .map(EventEnvelope::event)
            .toList();
    Doom.reach(CrashPoint.BEFORE_PERSIST);
    reach(CrashPoint.QUEUEING, events, SessionEvent.TurnQueued.class::isInstance);
    reach(CrashPoint.ENDING, events, MortalEvents::endsTurn);
    List<AppendResult> results = target.append(batches);
    Doom.reach(CrashPoint.PERSISTED);
    reach(CrashPoint.QUEUED, events, SessionEvent.TurnQueued.class::isInstance);
    reach(CrashPoint.INPUT_JOURNALED, events, SessionEvent.InputApplied.class::isInstance);
    reach(CrashPoint.ASKED, events, SessionEvent.PermissionRequested.class::isInstance);
    reach(CrashPoint.TOOL, events, MortalEvents::startsTool);
    reach(CrashPoint.ENDED, events, MortalEvents::endsTurn);
    return results;
  }

  private static void reach(
      CrashPoint point, List<SessionEvent> events, Predicate<SessionEvent> at) {
    if (events.stream().anyMatch(at)) {
      Doom.reach(point);
    }
  }

  private static boolean endsTurn(SessionEvent event) {
    return event instanceof SessionEvent.TurnCompleted
        || event instanceof SessionEvent.TurnFailed
        || event instanceof SessionEvent.TurnInterrupted;
  }

  private static boolean startsTool(SessionEvent event) {
    return event instanceof SessionEvent.BlockUpdated updated
        && updated.block() instanceof Block.ToolUse use
        && use.tool() == ToolStatus.RUNNING;
  }

  @Override
  public EventPage read(SessionId id, long after, int limit) throws InterruptedException {
    return target.read(id, after, limit);
  }

  @Override
  public long last(SessionId id) throws InterruptedException {
    return target.last(id);
  }

  @Override
  public List<SessionId> unfinished(@Nullable SessionId after, int limit)
      throws InterruptedException {
    return target.unfinished(after, limit);
  }

  @Override
  public long compact(SessionId id, LeaseEpoch epoch, long upTo) throws InterruptedException {
    return target.compact(id, epoch, upTo);
  }
}
