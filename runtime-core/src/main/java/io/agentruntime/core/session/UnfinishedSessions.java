// SPDX-License-Identifier: MIT

package io.agentruntime.core.session;

import io.agentruntime.error.AgentRuntimeException;
import io.agentruntime.error.StandardError;
import io.agentruntime.model.session.SessionId;
import io.agentruntime.spi.persistence.EventStore;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Semaphore;
import java.util.function.BooleanSupplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Loads, at the start of a server, every session in which a message waits or is being worked on.
 * What a loaded session has to do it does by itself. Used by one thread.
 */
final class UnfinishedSessions {
  private static final Logger log = LoggerFactory.getLogger(UnfinishedSessions.class);
  private static final int PAGE = 500;

  /** Loading is mostly waiting for the store, which has to serve callers as well. */
  private static final int AT_ONCE = 8;

  /** Brings a session into memory. */
  interface Loader {
    /** Loads it unless it is loaded. */
    void load(SessionId id) throws InterruptedException;
  }

  private final EventStore store;
  private final Loader loader;
  private final BooleanSupplier stopping;

  UnfinishedSessions(EventStore store, Loader loader, BooleanSupplier stopping) {
    this.store = store;
    this.loader = loader;
    this.stopping = stopping;
  }

  /** Returns when all were loaded, or could not be, which the log tells. */
  void goOn() throws InterruptedException {
    Semaphore places = new Semaphore(AT_ONCE);
    List<Thread> threads = new ArrayList<>();
    SessionId last = null;
    List<SessionId> page;
    do {
      page = page(last);
      for (SessionId id : page) {
        if (stopping.getAsBoolean()) {
          return;
        }
        places.acquire();
        threads.add(Thread.ofVirtual().name("go-on-" + id).start(() -> load(id, places)));
        last = id;
      }
    } while (page.size() == PAGE);
    for (Thread thread : threads) {
      thread.join();
    }
    if (!threads.isEmpty()) {
      log.info("{} sessions had unfinished messages and go on", threads.size());
    }
  }

  private List<SessionId> page(@Nullable SessionId after) throws InterruptedException {
    try {
      return store.unfinished(after, PAGE);
    } catch (AgentRuntimeException e) {
      log.warn(
          "unfinished sessions cannot be looked for; each goes on when it is asked for: {}",
          e.getMessage());
      return List.of();
    }
  }

  private void load(SessionId id, Semaphore places) {
    try {
      loader.load(id);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    } catch (AgentRuntimeException e) {
      if (e.code() == StandardError.FENCED || e.code() == StandardError.SESSION_NOT_FOUND) {
        log.debug("session {} is not this server's: {}", id, e.getMessage());
      } else {
        log.warn("session {} is unfinished, but cannot be loaded: {}", id, e.getMessage());
      }
    } finally {
      places.release();
    }
  }
}
