// SPDX-License-Identifier: MIT

package io.agentruntime.core.session;

import io.agentruntime.core.CreateSession;
import io.agentruntime.core.RuntimeConfig;
import io.agentruntime.core.event.EventLog;
import io.agentruntime.core.provider.Providers;
import io.agentruntime.core.sandbox.SandboxSelection;
import io.agentruntime.core.store.SessionStore;
import io.agentruntime.error.AgentRuntimeException;
import io.agentruntime.error.StandardError;
import io.agentruntime.model.session.RuntimeState;
import io.agentruntime.model.session.SessionId;
import io.agentruntime.spi.persistence.PersistenceCapability;
import io.agentruntime.spi.persistence.SessionPage;
import io.agentruntime.spi.persistence.SessionQuery;
import io.agentruntime.spi.sandbox.SandboxListing;
import java.io.IOException;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The directory of sessions as callers use it; who is in memory is {@link LoadedSessions}'
 * business. Thread-safe.
 */
public final class LiveSessions implements SessionDirectory, AutoCloseable {
  private static final Logger log = LoggerFactory.getLogger(LiveSessions.class);

  private final RuntimeConfig config;
  private final SessionStore store;
  private final SessionLoader loader;
  private final SessionCreator creator;
  private final LoadedSessions sessions;
  private final SessionDeparture departure;
  private final LeftSessions left;
  private final LeaseRenewal renewal;
  private final SessionRemoval removal;
  private final Retention retention;
  private final List<Runnable> callbacks = new CopyOnWriteArrayList<>();

  /**
   * An empty directory.
   *
   * @param config the runtime's configuration
   * @param providers its providers
   * @param store its store
   * @param eventLog its event log
   * @param selection selects sandbox providers
   * @param clock the clock
   * @param owner who owns leases: the same for all processes on one data directory
   * @param process this process's name, which no other one ever has
   */
  public LiveSessions(
      RuntimeConfig config,
      Providers providers,
      SessionStore store,
      EventLog eventLog,
      SandboxSelection selection,
      InstantSource clock,
      String owner,
      String process) {
    this.config = config;
    this.store = store;
    this.loader =
        new SessionLoader(config, providers, store, eventLog, selection, clock, owner, process);
    this.creator = new SessionCreator(providers, store, selection, config.architecture(), clock);
    this.sessions = new LoadedSessions(config, this::load, this::changed);
    this.departure = new SessionDeparture(config, store, sessions, this::changed);
    this.left = new LeftSessions(config, store, eventLog, sessions);
    this.renewal = new LeaseRenewal(store.adapter(), config.lease(), sessions::live);
    this.removal = new SessionRemoval(store, eventLog, sessions, this::changed);
    this.retention = new Retention(config.retention(), store, removal, clock, owner);
  }

  private LiveSession load(SessionId id) throws IOException, InterruptedException {
    return loader.load(id, departure.observer(id));
  }

  @Override
  public Session create(CreateSession request) throws InterruptedException {
    sessions.refuseWhileStopping();
    SessionId id = creator.create(request);
    Session session = get(id);
    changed();
    return session;
  }

  @Override
  public Session get(SessionId id) throws InterruptedException {
    return sessions.get(id);
  }

  @Override
  public Optional<Session> loaded(SessionId id) {
    return sessions.live(id).map(session -> session);
  }

  @Override
  public boolean exists(SessionId id) throws InterruptedException {
    return sessions.live(id).isPresent() || store.adapter().loadSessionRecord(id).isPresent();
  }

  @Override
  public List<Session> loaded() {
    return List.copyOf(sessions.live());
  }

  @Override
  public SessionPage list(SessionQuery query) throws InterruptedException {
    SessionPage page = store.query(query);
    return new SessionPage(
        page.sessions().stream().map(SessionCreator::visible).toList(), page.nextCursor());
  }

  @Override
  public RuntimeState runtimeState(SessionId id) {
    return sessions.live(id).map(LiveSession::runtimeState).orElse(RuntimeState.UNLOADED);
  }

  @Override
  public boolean unload(SessionId id) throws InterruptedException {
    CompletableFuture<LiveSession> known = sessions.at(id);
    LiveSession session = known == null ? null : sessions.loadedOrNull(known);
    if (session == null || session.actor().hasStopped()) {
      if (store.adapter().loadSessionRecord(id).isEmpty()) {
        throw new AgentRuntimeException(StandardError.SESSION_NOT_FOUND, "Session not found");
      }
      return false;
    }
    departure.end(
        session, new Stop("manual", true, false, config.interruptGrace()), config.prepareTimeout());
    departure.compactLater(session);
    return true;
  }

  @Override
  public void purge(SessionId id) throws InterruptedException {
    while (true) {
      // Whoever asks for the session meanwhile waits, so that nobody loads what is being removed.
      CompletableFuture<LiveSession> mine = new CompletableFuture<>();
      CompletableFuture<LiveSession> known = sessions.reserve(id, mine);
      if (known == null) {
        removal.remove(id, mine);
        return;
      }
      LiveSession session = sessions.loadedOrNull(known);
      if (session != null) {
        departure.end(
            session,
            new Stop("purged", true, true, config.interruptGrace()),
            config.prepareTimeout());
      }
    }
  }

  @Override
  public AutoCloseable onChange(Runnable callback) {
    callbacks.add(callback);
    return () -> callbacks.remove(callback);
  }

  /** Refuses new sessions, loads and turns from now on. */
  public void drain() {
    sessions.stop(session -> session.actor().requestDrain());
  }

  /**
   * Unloads all sessions in parallel: waits for running turns until the deadline, then interrupts
   * them. Or lets go of all, for the next server to take over: {@link
   * io.agentruntime.core.ShutdownMode}.
   */
  @Override
  public void close() {
    drain();
    retention.close();
    // Also those that are being loaded: their sandboxes and leases must not stay either.
    new SessionsShutdown(config, departure::end).run(sessions.all());
    renewal.close();
  }

  private void changed() {
    for (Runnable callback : callbacks) {
      try {
        callback.run();
      } catch (RuntimeException e) {
        log.warn("a callback failed", e);
      }
    }
  }

  /**
   * Lets the session that a left sandbox belongs to take it over, with the turn that runs in it.
   *
   * @return whether the sandbox is in use; nobody needs it otherwise
   */
  public boolean takesOver(SandboxListing listing) throws InterruptedException {
    return left.takesOver(listing);
  }

  /** Goes on with every session in which an earlier server left messages; returns when begun. */
  public void goOn() throws InterruptedException {
    left.goOn();
  }

  /** Whether the store can remove sessions. */
  public boolean canPurge() {
    return store.has(PersistenceCapability.DELETE_SESSION);
  }
}
