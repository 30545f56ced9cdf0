// SPDX-License-Identifier: MIT

package io.agentruntime.core.event;

import io.agentruntime.error.AgentRuntimeException;
import io.agentruntime.error.StandardError;
import io.agentruntime.model.event.EventEnvelope;
import io.agentruntime.model.session.SessionId;
import io.agentruntime.spi.persistence.AppendBatch;
import io.agentruntime.spi.persistence.AppendResult;
import io.agentruntime.spi.persistence.EventStore;
import io.agentruntime.spi.persistence.LeaseEpoch;
import io.agentruntime.spi.persistence.PersistenceAdapter;
import io.agentruntime.spi.persistence.PersistenceCapability;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The only appender: one writer thread drains all sessions' pending events into one batch, stores
 * it, and publishes what was stored. Thread-safe.
 *
 * <p>A session whose append fails is tried again with back-off while the others go on; nothing of
 * it is published before it is stored.
 */
public final class EventLog implements AutoCloseable {
  private static final Logger log = LoggerFactory.getLogger(EventLog.class);
  private static final int MAX_EVENTS_PER_BATCH = 2_000;
  private static final int BOUNDED_EVENTS = 20_000;
  private static final long BOUNDED_BYTES =
      Math.min(256L << 20, Runtime.getRuntime().maxMemory() / 8);

  private final EventStore store;
  private final InstantSource clock;
  private final List<EventListener> listeners = new CopyOnWriteArrayList<>();
  private final ReentrantLock lock = new ReentrantLock();
  private final Condition work = lock.newCondition();
  private final Set<SessionLog> dirty = new LinkedHashSet<>();
  private final Thread writer;
  private boolean closed;

  /** A log on an adapter's event store, or in bounded memory when it has none. */
  public EventLog(PersistenceAdapter adapter, InstantSource clock) {
    this.clock = clock;
    if (adapter.capabilities().contains(PersistenceCapability.EVENTS)) {
      store = adapter.events();
    } else {
      store = new BoundedEventStore(BOUNDED_EVENTS, BOUNDED_BYTES);
      log.warn(
          "persistence '{}' has no event store: the last {} events of each session are kept in"
              + " memory only",
          adapter.id(),
          BOUNDED_EVENTS);
    }
    writer = Thread.ofPlatform().name("event-log").daemon(true).start(this::run);
  }

  /** The store that is written to. */
  public EventStore store() {
    return store;
  }

  /** Opens one session's log for its owner. */
  public SessionLog open(SessionId id, LeaseEpoch epoch, LogState committed, long last) {
    return new SessionLog(this, id, epoch, committed, last, clock);
  }

  /** Events that have been forgotten but without which a session cannot go on, in order. */
  public List<EventEnvelope> essentials(SessionId id) {
    return store instanceof BoundedEventStore bounded ? bounded.essentials(id) : List.of();
  }

  /** Forgets what only memory keeps of a session. */
  public void forget(SessionId id) {
    if (store instanceof BoundedEventStore bounded) {
      bounded.forget(id);
    }
  }

  /** Lets a listener see all committed events; closing ends that. */
  public AutoCloseable listen(EventListener listener) {
    listeners.add(listener);
    return () -> listeners.remove(listener);
  }

  /** Stops the writer after a last attempt to store what is pending. */
  @Override
  public void close() {
    lock.lock();
    try {
      closed = true;
      work.signalAll();
    } finally {
      lock.unlock();
    }
    try {
      if (!writer.join(Duration.ofSeconds(10))) {
        writer.interrupt();
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  void pending(SessionLog session) {
    lock.lock();
    try {
      if (dirty.add(session)) {
        work.signal();
      }
    } finally {
      lock.unlock();
    }
  }

  private void run() {
    try {
      for (List<SessionLog> sessions = next(); !sessions.isEmpty(); sessions = next()) {
        write(sessions);
      }
    } catch (InterruptedException e) {
      log.warn("the event log's writer was interrupted; pending events were not stored", e);
    }
  }

  /** The sessions that may be written now; empty once the log is closed and nothing is pending. */
  private List<SessionLog> next() throws InterruptedException {
    lock.lock();
    try {
      while (true) {
        long now = System.nanoTime();
        List<SessionLog> ready = new ArrayList<>();
        long wait = Long.MAX_VALUE;
        for (SessionLog session : dirty) {
          long delay = session.retryAt() - now;
          if (delay <= 0 || closed) {
            ready.add(session);
          } else {
            wait = Math.min(wait, delay);
          }
        }
        if (!ready.isEmpty()) {
          ready.forEach(dirty::remove);
          return ready;
        }
        if (closed) {
          return List.of();
        }
        if (wait == Long.MAX_VALUE) {
          work.await();
        } else {
          work.await(wait, TimeUnit.NANOSECONDS);
        }
      }
    } finally {
      lock.unlock();
    }
  }

  private void write(List<SessionLog> sessions) throws InterruptedException {
    List<SessionLog> written = new ArrayList<>(sessions.size());
    List<AppendBatch> batches = new ArrayList<>(sessions.size());
    for (SessionLog session : sessions) {
      AppendBatch batch = session.batch(MAX_EVENTS_PER_BATCH);
      if (batch != null) {
        written.add(session);
        batches.add(batch);
      }
    }
    if (batches.isEmpty()) {
      return;
    }
    List<AppendResult> results = append(batches);
    for (int i = 0; i < written.size(); i++) {
      SessionLog session = written.get(i);
      try {
        take(session, batches.get(i), results.get(i));
      } catch (RuntimeException e) {
        // One session's trouble must not end the writer of all.
        log.error("session {}: publishing failed", batches.get(i).id(), e);
        session.fenced("publishing failed: " + e);
      }
    }
  }

  private void take(SessionLog session, AppendBatch batch, AppendResult result)
      throws InterruptedException {
    switch (result) {
      case AppendResult.Appended appended -> accept(session, batch);
      case AppendResult.Failed failed when isFinal(failed.error()) ->
          session.fenced(failed.error().getMessage());
      case AppendResult.Failed failed -> {
        if (session.failed(failed.error()) && !closed) {
          pending(session);
        }
      }
      case AppendResult.Fenced fenced -> session.fenced("epoch " + fenced.newest().value());
      case AppendResult.Conflict conflict -> {
        AppendBatch stored = stored(batch, conflict.actualLast());
        if (stored == null) {
          session.fenced("the store's log ends at " + conflict.actualLast());
        } else {
          accept(session, stored);
        }
      }
    }
  }

  /**
   * The beginning of a batch that the store has already; null when what it has is something else.
   * The answer to an earlier, shorter attempt may have been lost after it had been stored.
   */
  private @Nullable AppendBatch stored(AppendBatch batch, long actualLast)
      throws InterruptedException {
    long count = actualLast - batch.expectedLast();
    if (count < 1 || count > batch.events().size()) {
      return null;
    }
    List<EventEnvelope> mine = batch.events().subList(0, (int) count);
    List<EventEnvelope> theirs = store.read(batch.id(), batch.expectedLast(), (int) count).events();
    return theirs.equals(mine)
        ? new AppendBatch(
            batch.id(), batch.epoch(), batch.expectedLast(), mine, batch.openMessages())
        : null;
  }

  private void accept(SessionLog session, AppendBatch batch) {
    publish(batch);
    if (session.committed(batch)) {
      pending(session);
    }
  }

  private static boolean isFinal(AgentRuntimeException error) {
    return error.code() == StandardError.SESSION_NOT_FOUND
        || error.code() == StandardError.STORE_CORRUPT;
  }

  private List<AppendResult> append(List<AppendBatch> batches) throws InterruptedException {
    try {
      List<AppendResult> results = store.append(batches);
      if (results.size() == batches.size()) {
        return results;
      }
      return allFailed(
          batches,
          new AgentRuntimeException(
              StandardError.PROVIDER_FAILED, "the event store gave a wrong number of results"));
    } catch (AgentRuntimeException e) {
      return allFailed(batches, e);
    } catch (RuntimeException e) {
      return allFailed(
          batches,
          new AgentRuntimeException(StandardError.STORE_UNAVAILABLE, "appending events", e));
    }
  }

  private static List<AppendResult> allFailed(
      List<AppendBatch> batches, AgentRuntimeException error) {
    AppendResult failed = new AppendResult.Failed(error);
    return batches.stream().map(batch -> failed).toList();
  }

  private void publish(AppendBatch batch) {
    for (EventListener listener : listeners) {
      try {
        listener.onEvents(batch.events());
      } catch (RuntimeException e) {
        log.warn("an event listener failed on session {}", batch.id(), e);
      }
    }
  }
}
