// SPDX-License-Identifier: MIT

package io.agentruntime.core.session;

import io.agentruntime.core.RuntimeConfig;
import io.agentruntime.core.event.EventLog;
import io.agentruntime.core.sandbox.SandboxPreparer;
import io.agentruntime.core.store.SessionStore;
import io.agentruntime.error.AgentRuntimeException;
import io.agentruntime.error.StandardError;
import io.agentruntime.model.session.SessionId;
import io.agentruntime.spi.persistence.PersistenceCapability;
import io.agentruntime.spi.sandbox.SandboxListing;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Goes on, at the start of a server, with what earlier servers left: their sandboxes and the
 * messages that they had not answered. Thread-safe.
 */
final class LeftSessions {
  private static final Logger log = LoggerFactory.getLogger(LeftSessions.class);

  private final RuntimeConfig config;
  private final SessionStore store;
  private final EventLog eventLog;
  private final LoadedSessions sessions;

  LeftSessions(
      RuntimeConfig config, SessionStore store, EventLog eventLog, LoadedSessions sessions) {
    this.config = config;
    this.store = store;
    this.eventLog = eventLog;
    this.sessions = sessions;
  }

  /**
   * Lets the session that a left sandbox belongs to take it over, with the turn that runs in it.
   *
   * @return whether the sandbox is in use; nobody needs it otherwise
   */
  boolean takesOver(SandboxListing listing) throws InterruptedException {
    String label = listing.labels().get(SandboxPreparer.SESSION_LABEL);
    if (label == null || !store.has(PersistenceCapability.EVENTS)) {
      return false;
    }
    try {
      LiveSession session = sessions.get(new SessionId(label));
      LiveSession.await(session.actor().recovered(), config.prepareTimeout());
      return session.ask(() -> session.actor().uses(listing.id()));
    } catch (AgentRuntimeException e) {
      if (e.code() == StandardError.SESSION_NOT_FOUND) {
        return false;
      }
      // Another server's, or not to be told now: ending it might lose what is in it.
      log.warn("sandbox {} of session {} is left alone: {}", listing.id(), label, e.getMessage());
      return true;
    }
  }

  /** Goes on with every session in which an earlier server left messages; returns when begun. */
  void goOn() throws InterruptedException {
    if (store.has(PersistenceCapability.EVENTS)) {
      new UnfinishedSessions(
              eventLog.store(),
              id -> log.debug("session {} goes on", sessions.get(id).id()),
              sessions::isStopping)
          .goOn();
    }
  }
}
