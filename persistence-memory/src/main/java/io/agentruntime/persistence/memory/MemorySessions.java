// SPDX-License-Identifier: MIT

package io.agentruntime.persistence.memory;

import io.agentruntime.error.AgentRuntimeException;
import io.agentruntime.error.StandardError;
import io.agentruntime.model.session.SessionId;
import io.agentruntime.model.session.SessionRecord;
import io.agentruntime.spi.persistence.LeaseEpoch;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * All sessions. Thread-safe: whatever is done with a session is done under its own monitor, so that
 * an epoch cannot change between its check and the write. Nothing blocks under a monitor.
 */
final class MemorySessions {
  private final ConcurrentMap<SessionId, MemorySession> sessions = new ConcurrentHashMap<>();

  /** One counter for all sessions: an epoch never comes back, even if a session id does. */
  private final AtomicLong epochs = new AtomicLong();

  private final AtomicBoolean opened = new AtomicBoolean();
  private volatile @Nullable MemoryBudget budget;

  void open(MemoryLimits limits) {
    if (!opened.compareAndSet(false, true)) {
      throw new AgentRuntimeException(
          StandardError.CLOSED, "persistence 'memory' was opened before");
    }
    budget = new MemoryBudget(limits);
  }

  /** Forgets everything; whatever is asked afterwards is refused. */
  void close() {
    budget = null;
    sessions.clear();
  }

  MemoryBudget budget() {
    MemoryBudget open = budget;
    if (open == null) {
      throw new AgentRuntimeException(StandardError.CLOSED, "persistence 'memory' is not open");
    }
    return open;
  }

  LeaseEpoch nextEpoch() {
    return new LeaseEpoch(epochs.incrementAndGet());
  }

  void create(SessionRecord record) {
    MemorySession session = new MemorySession(record, budget());
    if (sessions.putIfAbsent(record.id(), session) != null) {
      session.discharge();
      throw new AgentRuntimeException(
          StandardError.SESSION_EXISTS, "session " + record.id() + " exists already");
    }
  }

  void delete(SessionId id) {
    budget();
    MemorySession session = sessions.remove(id);
    if (session != null) {
      synchronized (session) {
        session.deleted = true;
        session.discharge();
      }
    }
  }

  /** Reads from a session, if there is one. */
  <T> Optional<T> read(SessionId id, Function<MemorySession, @Nullable T> reader) {
    budget();
    MemorySession session = sessions.get(id);
    if (session == null) {
      return Optional.empty();
    }
    synchronized (session) {
      return session.deleted ? Optional.empty() : Optional.ofNullable(reader.apply(session));
    }
  }

  /** Does something with a session that must exist. */
  <T> T require(SessionId id, Function<MemorySession, T> action) {
    budget();
    MemorySession session = sessions.get(id);
    if (session != null) {
      synchronized (session) {
        if (!session.deleted) {
          return action.apply(session);
        }
      }
    }
    throw new AgentRuntimeException(StandardError.SESSION_NOT_FOUND, "there is no session " + id);
  }

  /** Writes as a session's owner. */
  <T> T write(SessionId id, LeaseEpoch epoch, Function<MemorySession, T> action) {
    return require(
        id,
        session -> {
          session.requireNewest(epoch);
          return action.apply(session);
        });
  }

  List<SessionRecord> records() {
    budget();
    List<SessionRecord> records = new ArrayList<>();
    for (MemorySession session : sessions.values()) {
      synchronized (session) {
        records.add(session.record);
      }
    }
    return records;
  }
}
