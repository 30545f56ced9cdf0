// SPDX-License-Identifier: MIT

package io.agentruntime.core.session;

import io.agentruntime.core.store.SessionStore;
import io.agentruntime.error.AgentRuntimeException;
import io.agentruntime.error.StandardError;
import io.agentruntime.spi.persistence.PersistenceCapability;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Drops what only told how blocks grew, once a session has left memory: nobody follows it any more,
 * and the completed blocks say the same. Thread-safe.
 */
final class LogCompaction {
  private static final Logger log = LoggerFactory.getLogger(LogCompaction.class);

  private final SessionStore store;
  private final boolean wanted;

  LogCompaction(SessionStore store, boolean wanted) {
    this.store = store;
    this.wanted = wanted;
  }

  /** Compacts a session's log; its owner since takes precedence. Failures are only logged. */
  void of(LiveSession session) {
    if (!wanted
        || !store.has(PersistenceCapability.EVENTS)
        || !store.has(PersistenceCapability.COMPACTION)) {
      return;
    }
    try {
      long dropped =
          store
              .adapter()
              .events()
              .compact(
                  session.id(), session.scope().epoch(), session.scope().log().lastCommitted());
      log.debug("session {}: {} deltas were dropped from its log", session.id(), dropped);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    } catch (AgentRuntimeException e) {
      if (e.code() == StandardError.FENCED || e.code() == StandardError.SESSION_NOT_FOUND) {
        log.debug("session {}: not compacted: {}", session.id(), e.getMessage());
      } else {
        log.warn("session {}: its log was not compacted: {}", session.id(), e.getMessage());
      }
    }
  }
}
