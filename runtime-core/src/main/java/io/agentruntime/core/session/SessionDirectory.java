// SPDX-License-Identifier: MIT

package io.agentruntime.core.session;

import io.agentruntime.core.CreateSession;
import io.agentruntime.error.AgentRuntimeException;
import io.agentruntime.model.session.RuntimeState;
import io.agentruntime.model.session.SessionId;
import io.agentruntime.spi.persistence.SessionPage;
import io.agentruntime.spi.persistence.SessionQuery;
import java.util.List;
import java.util.Optional;

/** All sessions, stored and in memory. Thread-safe. */
public interface SessionDirectory {
  /**
   * Stores a new session and loads it; no sandbox is created.
   *
   * @throws AgentRuntimeException {@code UNKNOWN_PROFILE}, {@code UNKNOWN_ARCHITECTURE}, {@code
   *     UNKNOWN_PROVIDER}, {@code PROFILE_FIELD_UNSUPPORTED}, {@code INVALID_ARGUMENT}, {@code
   *     SHUTTING_DOWN}
   */
  Session create(CreateSession request) throws InterruptedException;

  /**
   * A session, loaded from the store if it is not in memory. Concurrent calls for one id load it
   * once; loading one never delays another.
   *
   * @throws AgentRuntimeException {@code SESSION_NOT_FOUND}
   */
  Session get(SessionId id) throws InterruptedException;

  /** A session if it is in memory. */
  Optional<Session> loaded(SessionId id);

  /**
   * Whether a session is stored, be it in memory or not. Loads nothing.
   *
   * @throws AgentRuntimeException {@code STORE_UNAVAILABLE}
   */
  boolean exists(SessionId id) throws InterruptedException;

  /** All sessions in memory. */
  List<Session> loaded();

  /** One page of all stored sessions, newest activity first, without loading any. */
  SessionPage list(SessionQuery query) throws InterruptedException;

  /** The runtime state of a session, {@link RuntimeState#UNLOADED} when it is not in memory. */
  RuntimeState runtimeState(SessionId id);

  /**
   * Syncs a session, ends its sandbox and drops it from memory; it stays stored. A running turn is
   * interrupted and waiting messages are withdrawn.
   *
   * @return whether it was in memory
   * @throws AgentRuntimeException {@code SESSION_NOT_FOUND} when it is not even stored
   */
  boolean unload(SessionId id) throws InterruptedException;

  /**
   * Unloads a session without keeping what changed and removes everything stored about it.
   *
   * @throws AgentRuntimeException {@code SESSION_NOT_FOUND}, {@code UNSUPPORTED}
   */
  void purge(SessionId id) throws InterruptedException;

  /**
   * Calls back after sessions were created, loaded, unloaded, changed their record or their runtime
   * state. The callback must return at once; it may be called from several threads.
   *
   * @return ends the calls
   */
  AutoCloseable onChange(Runnable callback);
}
