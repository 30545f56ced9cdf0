// SPDX-License-Identifier: MIT

package io.agentruntime.core.session;

import io.agentruntime.core.CreateSession;
import io.agentruntime.core.RuntimeConfig;
import io.agentruntime.core.event.EventLog;
import io.agentruntime.core.provider.Providers;
import io.agentruntime.core.sandbox.SandboxPreparer;
import io.agentruntime.core.sandbox.SandboxSelection;
import io.agentruntime.core.store.SessionStore;
import io.agentruntime.error.AgentRuntimeException;
import io.agentruntime.error.StandardError;
import io.agentruntime.model.session.RuntimeState;
import io.agentruntime.model.session.SessionId;
import io.agentruntime.spi.persistence.Lease;
import io.agentruntime.spi.persistence.PersistenceCapability;
import io.agentruntime.spi.persistence.SessionPage;
import io.agentruntime.spi.persistence.SessionQuery;
import io.agentruntime.spi.sandbox.SandboxListing;
import java.io.IOException;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.Future;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The directory of sessions: who is in memory, who is being loaded, who is leaving. Thread-safe.
 */
public final class LiveSessions implements SessionDirectory, AutoCloseable {
  private static final Logger log = LoggerFactory.getLogger(LiveSessions.class);

  private final RuntimeConfig config;
  private final SessionStore store;
  private final EventLog eventLog;
  private final SessionLoader loader;
  private final SessionCreator creator;
  private final Map<SessionId, CompletableFuture<LiveSession>> sessions = new ConcurrentHashMap<>();
  private final List<Runnable> callbacks = new CopyOnWriteArrayList<>();
  private final LeaseRenewal renewal;
  private final SessionRemoval removal;
  private final LogCompaction compaction;
  private final Retention retention;
  private volatile boolean stopping;

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
    this.eventLog = eventLog;
    this.loader =
        new SessionLoader(config, providers, store, eventLog, selection, clock, owner, process);
    this.creator = new SessionCreator(providers, store, selection, config.architecture(), clock);
    this.renewal =
        new LeaseRenewal(
            store.adapter(),
            config.lease(),
            () -> sessions.keySet().stream().flatMap(id -> live(id).stream()).toList());
    this.removal = new SessionRemoval(store, eventLog, sessions, this::changed);
    this.compaction = new LogCompaction(store, config.compactLogs());
    this.retention = new Retention(config.retention(), store, removal, clock, owner);
  }

  @Override
  public Session create(CreateSession request) throws InterruptedException {
    refuseWhileStopping();
    SessionId id = creator.create(request);
    Session session = get(id);
    changed();
    return session;
  }

  @Override
  public Session get(SessionId id) throws InterruptedException {
    while (true) {
      CompletableFuture<LiveSession> mine = new CompletableFuture<>();
      CompletableFuture<LiveSession> known = sessions.putIfAbsent(id, mine);
      if (known == null) {
        return load(id, mine);
      }
      LiveSession session =
          LiveSession.await(known, config.prepareTimeout().plus(config.storeTimeout()));
      if (!session.actor().isLeaving()) {
        return session;
      }
      refuseWhileStopping();
      LiveSession.await(session.left(), config.prepareTimeout());
    }
  }

  private Session load(SessionId id, CompletableFuture<LiveSession> mine)
      throws InterruptedException {
    try {
      refuseWhileStopping();
      LiveSession session = loader.load(id, new Leaving(id));
      mine.complete(session);
      changed();
      return session;
    } catch (AgentRuntimeException e) {
      sessions.remove(id, mine);
      mine.completeExceptionally(e);
      throw e;
    } catch (IOException | RuntimeException | Error e) {
      sessions.remove(id, mine);
      AgentRuntimeException failure =
          new AgentRuntimeException(
              StandardError.STORE_UNAVAILABLE, "session " + id + " cannot be loaded", e);
      mine.completeExceptionally(failure);
      throw failure;
    } catch (InterruptedException e) {
      sessions.remove(id, mine);
      mine.completeExceptionally(
          new AgentRuntimeException(StandardError.CLOSED, "loading was interrupted", e));
      throw e;
    }
  }

  @Override
  public Optional<Session> loaded(SessionId id) {
    return live(id).map(session -> session);
  }

  @Override
  public boolean exists(SessionId id) throws InterruptedException {
    return live(id).isPresent() || store.adapter().loadSessionRecord(id).isPresent();
  }

  @Override
  public List<Session> loaded() {
    return sessions.keySet().stream().flatMap(id -> loaded(id).stream()).toList();
  }

  @Override
  public SessionPage list(SessionQuery query) throws InterruptedException {
    SessionPage page = store.query(query);
    return new SessionPage(
        page.sessions().stream().map(SessionCreator::visible).toList(), page.nextCursor());
  }

  @Override
  public RuntimeState runtimeState(SessionId id) {
    return live(id).map(LiveSession::runtimeState).orElse(RuntimeState.UNLOADED);
  }

  @Override
  public boolean unload(SessionId id) throws InterruptedException {
    CompletableFuture<LiveSession> known = sessions.get(id);
    LiveSession session = known == null ? null : loadedOrNull(known);
    if (session == null || session.actor().hasStopped()) {
      if (store.adapter().loadSessionRecord(id).isEmpty()) {
        throw new AgentRuntimeException(StandardError.SESSION_NOT_FOUND, "Session not found");
      }
      return false;
    }
    end(session, new Stop("manual", true, false, config.interruptGrace()), config.prepareTimeout());
    Thread.ofVirtual().name("compact-" + id).start(() -> compaction.of(session));
    return true;
  }

  @Override
  public void purge(SessionId id) throws InterruptedException {
    while (true) {
      // Whoever asks for the session meanwhile waits, so that nobody loads what is being removed.
      CompletableFuture<LiveSession> mine = new CompletableFuture<>();
      CompletableFuture<LiveSession> known = sessions.putIfAbsent(id, mine);
      if (known == null) {
        removal.remove(id, mine);
        return;
      }
      LiveSession session = loadedOrNull(known);
      if (session != null) {
        end(
            session,
            new Stop("purged", true, true, config.interruptGrace()),
            config.prepareTimeout());
      }
    }
  }

  /** The session once it is loaded; null when it cannot be, in which case its place is free. */
  private @Nullable LiveSession loadedOrNull(CompletableFuture<LiveSession> loading)
      throws InterruptedException {
    try {
      return LiveSession.await(loading, config.prepareTimeout().plus(config.storeTimeout()));
    } catch (AgentRuntimeException e) {
      if (!loading.isDone()) {
        throw e;
      }
      log.debug("not loaded: {}", e.getMessage());
      return null;
    }
  }

  @Override
  public AutoCloseable onChange(Runnable callback) {
    callbacks.add(callback);
    return () -> callbacks.remove(callback);
  }

  /** Refuses new sessions, loads and turns from now on. */
  public void drain() {
    stopping = true;
    for (CompletableFuture<LiveSession> future : sessions.values()) {
      future.thenAccept(session -> session.actor().requestDrain());
    }
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
    new SessionsShutdown(config, this::end).run(Map.copyOf(sessions));
    renewal.close();
  }

  private void end(LiveSession session, Stop stop, Duration timeout) throws InterruptedException {
    LiveSession.await(session.actor().requestStop(stop), timeout);
    LiveSession.await(session.left(), config.storeTimeout().plusSeconds(5));
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
      sessions.computeIfPresent(
          session.id(),
          (key, future) ->
              future.state() == Future.State.SUCCESS && future.resultNow() == session
                  ? null
                  : future);
      session.left().complete(null);
      changed();
    }
  }

  private void release(Lease lease) throws InterruptedException {
    try {
      store.adapter().leases().release(lease);
    } catch (AgentRuntimeException e) {
      log.warn("the lease of session {} was not given back: {}", lease.id(), e.getMessage());
    }
  }

  private Optional<LiveSession> live(SessionId id) {
    CompletableFuture<LiveSession> future = sessions.get(id);
    if (future == null || !future.isDone() || future.isCompletedExceptionally()) {
      return Optional.empty();
    }
    LiveSession session = future.join();
    return session.actor().hasStopped() ? Optional.empty() : Optional.of(session);
  }

  private void refuseWhileStopping() {
    if (stopping) {
      throw new AgentRuntimeException(
          StandardError.SHUTTING_DOWN, "the server is stopping and takes no new work");
    }
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
    String label = listing.labels().get(SandboxPreparer.SESSION_LABEL);
    if (label == null || !store.has(PersistenceCapability.EVENTS)) {
      return false;
    }
    try {
      LiveSession session = (LiveSession) get(new SessionId(label));
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
  public void goOn() throws InterruptedException {
    if (store.has(PersistenceCapability.EVENTS)) {
      new UnfinishedSessions(
              eventLog.store(), id -> log.debug("session {} goes on", get(id).id()), () -> stopping)
          .goOn();
    }
  }

  /** Whether the store can remove sessions. */
  public boolean canPurge() {
    return store.has(PersistenceCapability.DELETE_SESSION);
  }

  /** Unloads a session that has been idle. */
  private final class Leaving implements SessionActor.Observer {
    private final SessionId id;

    Leaving(SessionId id) {
      this.id = id;
    }

    @Override
    public void idle() {
      Thread.ofVirtual()
          .name("evict-" + id)
          .start(
              () -> {
                try {
                  LiveSession session = live(id).orElse(null);
                  if (session != null) {
                    evict(session);
                  }
                } catch (InterruptedException e) {
                  Thread.currentThread().interrupt();
                } catch (RuntimeException e) {
                  log.warn("session {}: unloading failed: {}", id, e.getMessage(), e);
                }
              });
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

    @Override
    public void stopped() {
      CompletableFuture<LiveSession> future = sessions.get(id);
      if (future != null) {
        Thread.ofVirtual()
            .name("forget-" + id)
            .start(() -> future.thenAccept(LiveSessions.this::forget));
      }
    }

    @Override
    public void changed() {
      LiveSessions.this.changed();
    }
  }
}
