// SPDX-License-Identifier: MIT

package io.agentruntime.core.session;

import io.agentruntime.core.RuntimeConfig;
import io.agentruntime.core.store.SessionStore;
import io.agentruntime.error.AgentRuntimeException;
import io.agentruntime.model.session.SessionId;
import io.agentruntime.spi.persistence.Lease;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Takes sessions out of memory: those that were asked to end, those that have been idle, and those
 * whose actor has ended, for whatever reason. Thread-safe.
 */
final class SessionDeparture {
  private static final Logger log = LoggerFactory.getLogger(SessionDeparture.class);

  private final RuntimeConfig config;
  private final SessionStore store;
  private final LogCompaction compaction;
  private final LoadedSessions sessions;
  private final Runnable changed;

  /**
   * For the sessions in memory.
   *
   * @param changed called when one has changed or left
   */
  SessionDeparture(
      RuntimeConfig config, SessionStore store, LoadedSessions sessions, Runnable changed) {
    this.config = config;
    this.store = store;
    this.compaction = new LogCompaction(store, config.compactLogs());
    this.sessions = sessions;
    this.changed = changed;
  }

  /** What the actor of a session tells. */
  SessionActor.Observer observer(SessionId id) {
    return new Leaving(id);
  }

  /** Ends a session; returns when it is out of memory. */
  void end(LiveSession session, Stop how, Duration timeout) throws InterruptedException {
    LiveSession.await(session.actor().requestStop(how), timeout);
    LiveSession.await(session.left(), config.storeTimeout().plusSeconds(5));
  }

  /** Makes the log of a session that has left smaller, in the background. */
  void compactLater(LiveSession session) {
    Thread.ofVirtual().name("compact-" + session.id()).start(() -> compaction.of(session));
  }

  private void evict(LiveSession session) throws InterruptedException {
    Stop idle = new Stop("idle", false, false, config.interruptGrace());
    if (LiveSession.await(session.actor().requestStopIfQuiet(idle), config.storeTimeout())) {
      try {
        end(session, idle, config.prepareTimeout());
        compaction.of(session);
      } catch (AgentRuntimeException e) {
        session.actor().requestUse();
        throw e;
      }
    }
  }

  /** After an actor has ended: what is pending is stored, then the session is nobody's. */
  private void forget(LiveSession session) {
    try {
      session.scope().log().awaitCommitted(config.storeTimeout());
    } catch (AgentRuntimeException e) {
      log.error("session {}: its last events were not stored: {}", session.id(), e.getMessage());
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
    try {
      session.scope().log().close();
      Lease lease = session.lease();
      if (lease != null) {
        release(lease);
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    } finally {
      sessions.left(session);
      session.left().complete(null);
      changed.run();
    }
  }

  private void release(Lease lease) throws InterruptedException {
    try {
      store.adapter().leases().release(lease);
    } catch (AgentRuntimeException e) {
      log.warn("the lease of session {} was not given back: {}", lease.id(), e.getMessage());
    }
  }

  /** Unloads a session that has been idle. */
  private final class Leaving implements SessionActor.Observer {
    private final SessionId id;

    Leaving(SessionId id) {
      this.id = id;
    }

    @Override
    public void idle() {
      Thread.ofVirtual().name("evict-" + id).start(this::evictIfLive);
    }

    private void evictIfLive() {
      try {
        LiveSession session = sessions.live(id).orElse(null);
        if (session != null) {
          evict(session);
        }
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
      } catch (RuntimeException e) {
        log.warn("session {}: unloading failed: {}", id, e.getMessage(), e);
      }
    }

    @Override
    public void stopped() {
      CompletableFuture<LiveSession> place = sessions.at(id);
      if (place != null) {
        Thread.ofVirtual()
            .name("forget-" + id)
            .start(() -> place.thenAccept(SessionDeparture.this::forget));
      }
    }

    @Override
    public void changed() {
      changed.run();
    }
  }
}
