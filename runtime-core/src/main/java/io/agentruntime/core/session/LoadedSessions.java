// SPDX-License-Identifier: MIT

package io.agentruntime.core.session;

import io.agentruntime.core.RuntimeConfig;
import io.agentruntime.error.AgentRuntimeException;
import io.agentruntime.error.StandardError;
import io.agentruntime.model.session.SessionId;
import java.io.IOException;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Future;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Which sessions are in memory, being loaded, or leaving: each has one place, and who finds it
 * taken waits for whoever is there. Thread-safe.
 */
final class LoadedSessions {
  private static final Logger log = LoggerFactory.getLogger(LoadedSessions.class);

  /** Brings a session into memory. */
  interface Loading {
    /** Loads it. */
    LiveSession load(SessionId id) throws IOException, InterruptedException;
  }

  private final Map<SessionId, CompletableFuture<LiveSession>> places = new ConcurrentHashMap<>();
  private final RuntimeConfig config;
  private final Loading loading;
  private final Runnable changed;
  private volatile boolean stopping;

  /**
   * No sessions.
   *
   * @param changed called when one was loaded
   */
  LoadedSessions(RuntimeConfig config, Loading loading, Runnable changed) {
    this.config = config;
    this.loading = loading;
    this.changed = changed;
  }

  /** A session that is not about to leave; loaded if it has to be. */
  LiveSession get(SessionId id) throws InterruptedException {
    while (true) {
      CompletableFuture<LiveSession> mine = new CompletableFuture<>();
      CompletableFuture<LiveSession> known = places.putIfAbsent(id, mine);
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

  private LiveSession load(SessionId id, CompletableFuture<LiveSession> mine)
      throws InterruptedException {
    try {
      refuseWhileStopping();
      LiveSession session = loading.load(id);
      mine.complete(session);
      changed.run();
      return session;
    } catch (AgentRuntimeException e) {
      free(id, mine, e);
      throw e;
    } catch (IOException | RuntimeException | Error e) {
      AgentRuntimeException failure =
          new AgentRuntimeException(
              StandardError.STORE_UNAVAILABLE, "session " + id + " cannot be loaded", e);
      free(id, mine, failure);
      throw failure;
    } catch (InterruptedException e) {
      free(id, mine, new AgentRuntimeException(StandardError.CLOSED, "loading was interrupted", e));
      throw e;
    }
  }

  /** A session that is in memory and runs. */
  Optional<LiveSession> live(SessionId id) {
    CompletableFuture<LiveSession> place = places.get(id);
    if (place == null || !place.isDone() || place.isCompletedExceptionally()) {
      return Optional.empty();
    }
    LiveSession session = place.join();
    return session.actor().hasStopped() ? Optional.empty() : Optional.of(session);
  }

  /** All that are in memory and run. */
  List<LiveSession> live() {
    return places.keySet().stream().flatMap(id -> live(id).stream()).toList();
  }

  /** All that are in memory, being loaded, or leaving, as they are now. */
  Map<SessionId, CompletableFuture<LiveSession>> all() {
    return Map.copyOf(places);
  }

  /** Who has a session's place, null when it is free. */
  @Nullable CompletableFuture<LiveSession> at(SessionId id) {
    return places.get(id);
  }

  /** Takes a session's place, so that nobody can load it; who has it otherwise. */
  @Nullable CompletableFuture<LiveSession> reserve(
      SessionId id, CompletableFuture<LiveSession> mine) {
    return places.putIfAbsent(id, mine);
  }

  /** Gives a place back that held no session; who waited for one is told why. */
  void free(SessionId id, CompletableFuture<LiveSession> mine, AgentRuntimeException reason) {
    places.remove(id, mine);
    mine.completeExceptionally(reason);
  }

  /** Gives back the place of a session that has left. */
  void left(LiveSession session) {
    places.computeIfPresent(
        session.id(),
        (id, place) ->
            place.state() == Future.State.SUCCESS && place.resultNow() == session ? null : place);
  }

  /** The session once it is loaded; null when it cannot be, in which case its place is free. */
  @Nullable LiveSession loadedOrNull(CompletableFuture<LiveSession> place)
      throws InterruptedException {
    try {
      return LiveSession.await(place, config.prepareTimeout().plus(config.storeTimeout()));
    } catch (AgentRuntimeException e) {
      if (!place.isDone()) {
        throw e;
      }
      log.debug("not loaded: {}", e.getMessage());
      return null;
    }
  }

  /** Loads none from now on; each that is loaded, or still comes, is told. */
  void stop(Consumer<LiveSession> each) {
    stopping = true;
    places.values().forEach(place -> place.thenAccept(each));
  }

  /** Whether none is loaded any more. */
  boolean isStopping() {
    return stopping;
  }

  /**
   * Nothing, as long as sessions are loaded.
   *
   * @throws AgentRuntimeException {@code SHUTTING_DOWN}
   */
  void refuseWhileStopping() {
    if (stopping) {
      throw new AgentRuntimeException(
          StandardError.SHUTTING_DOWN, "the server is stopping and takes no new work");
    }
  }
}
