// SPDX-License-Identifier: MIT

package io.agentruntime.core.session;

import io.agentruntime.core.event.EventLog;
import io.agentruntime.core.store.SessionStore;
import io.agentruntime.error.AgentRuntimeException;
import io.agentruntime.error.StandardError;
import io.agentruntime.model.session.SessionId;
import io.agentruntime.model.session.SessionRecord;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.function.Predicate;

/** Removes stored sessions for good. Thread-safe. */
final class SessionRemoval {
  private final SessionStore store;
  private final EventLog eventLog;
  private final LoadedSessions sessions;
  private final Runnable changed;

  /**
   * A removal.
   *
   * @param sessions who is in memory; a removal takes a session's place there for its time
   * @param changed called when one was removed
   */
  SessionRemoval(SessionStore store, EventLog eventLog, LoadedSessions sessions, Runnable changed) {
    this.store = store;
    this.eventLog = eventLog;
    this.sessions = sessions;
    this.changed = changed;
  }

  /**
   * Removes a session that nobody can load meanwhile.
   *
   * @param mine what stands in its place in memory; completed, as a failure, when the place is free
   * @throws AgentRuntimeException {@code SESSION_NOT_FOUND}
   */
  void remove(SessionId id, CompletableFuture<LiveSession> mine) throws InterruptedException {
    if (!remove(id, mine, record -> true)) {
      throw notFound();
    }
  }

  /**
   * Removes a session if it is not in memory and its record is as it should be.
   *
   * @return whether it was removed
   */
  boolean removeIf(SessionId id, Predicate<SessionRecord> condition) throws InterruptedException {
    CompletableFuture<LiveSession> mine = new CompletableFuture<>();
    return sessions.reserve(id, mine) == null && remove(id, mine, condition);
  }

  private boolean remove(
      SessionId id, CompletableFuture<LiveSession> mine, Predicate<SessionRecord> condition)
      throws InterruptedException {
    AgentRuntimeException outcome = notFound();
    try {
      Optional<SessionRecord> record = store.adapter().loadSessionRecord(id);
      if (record.filter(condition).isEmpty()) {
        return false;
      }
      store.purge(id);
      eventLog.forget(id);
    } catch (AgentRuntimeException e) {
      outcome = e;
      throw e;
    } catch (InterruptedException | RuntimeException e) {
      outcome =
          new AgentRuntimeException(
              StandardError.STORE_UNAVAILABLE, "removing session " + id + " failed", e);
      throw e;
    } finally {
      sessions.free(id, mine, outcome);
    }
    changed.run();
    return true;
  }

  private static AgentRuntimeException notFound() {
    return new AgentRuntimeException(StandardError.SESSION_NOT_FOUND, "Session not found");
  }
}
