// SPDX-License-Identifier: MIT

package io.agentruntime.app.gateway;

import io.agentruntime.app.gateway.engine.DisconnectReason;
import io.agentruntime.app.gateway.protocol.SocketCodec;
import io.agentruntime.app.gateway.socketio.SocketIoSocket;
import io.agentruntime.app.rest.view.FileTexts;
import io.agentruntime.core.event.EventFeed;
import io.agentruntime.core.event.FeedBatch;
import io.agentruntime.core.event.FeedBatch.StoreChange;
import io.agentruntime.core.session.Session;
import io.agentruntime.core.session.SessionDirectory;
import io.agentruntime.core.session.SessionView;
import io.agentruntime.error.AgentRuntimeException;
import io.agentruntime.error.StandardError;
import io.agentruntime.model.event.EventEnvelope;
import io.agentruntime.model.session.SessionId;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Everybody who follows one session. One thread, the pump, reads the session's log, encodes each
 * event once per dialect and sends it to all; whoever joins is first brought, on its own
 * connection's thread, to where the pump is. Thread-safe.
 *
 * <p>Each follower has a place in the log of its own, so that whatever the pump and a joining
 * client do at the same time, an event that a client has is not sent to it again, and none that it
 * lacks is left out.
 */
final class SessionRoom {
  private static final Logger LOG = LoggerFactory.getLogger(SessionRoom.class);
  private static final Duration PATIENCE = Duration.ofSeconds(30);

  private final SessionId id;
  private final SessionDirectory sessions;
  private final FileTexts texts;
  private final InstantSource clock;
  private final ReentrantLock lock = new ReentrantLock();
  private final Map<GatewayClient, Follower> followers = new LinkedHashMap<>();
  private long position;
  private int joining;
  private boolean storeFails;
  private @Nullable Pump pump;

  /**
   * Somebody who is told what happens.
   *
   * @param via over which connection
   * @param cursor the last event that it has
   */
  private record Follower(SocketIoSocket via, long cursor) {}

  SessionRoom(SessionId id, SessionDirectory sessions, FileTexts texts, InstantSource clock) {
    this.id = id;
    this.sessions = sessions;
    this.texts = texts;
    this.clock = clock;
  }

  SessionId id() {
    return id;
  }

  /**
   * Lets a client follow the session; returns when it has everything up to the place returned.
   *
   * @return the last event that it has
   * @throws AgentRuntimeException {@code SESSION_NOT_FOUND}
   */
  long join(GatewayClient client, SocketIoSocket via, JoinPoint point) throws InterruptedException {
    Session session = sessions.get(id);
    client.joined(id);
    try {
      return new Newcomer(client, via, id, sessions, texts, clock)
          .bring(session, point, (from, cursor) -> takeOver(from, client, via, cursor));
    } catch (RuntimeException e) {
      client.left(id);
      throw e;
    }
  }

  /** Says that somebody is about to join: the room is not empty until that has ended. */
  void enter() {
    lock.lock();
    try {
      joining++;
    } finally {
      lock.unlock();
    }
  }

  /** Says that somebody has joined, or could not. */
  void exit() {
    lock.lock();
    try {
      joining--;
    } finally {
      lock.unlock();
    }
  }

  /** Tells a client that is there already what it is told on each joining. */
  long repeatStatus(GatewayClient client) throws InterruptedException {
    SessionView view = sessions.get(id).view();
    for (WireEvent event : CatchUp.status(view, client.dialect(), clock.instant())) {
      tell(client, event);
    }
    lock.lock();
    try {
      Follower follower = followers.get(client);
      return follower == null ? view.lastSeq() : follower.cursor();
    } finally {
      lock.unlock();
    }
  }

  /** Whether the client is where the pump is, which then goes on for it. */
  private boolean takeOver(Session session, GatewayClient client, SocketIoSocket via, long cursor)
      throws InterruptedException {
    lock.lock();
    try {
      if (!client.uses(via)) {
        return true;
      }
      if (pump == null) {
        startPump(session);
      }
      if (cursor < position) {
        return false;
      }
      followers.put(client, new Follower(via, cursor));
      if (storeFails) {
        tell(client, CatchUp.storeFailing(id, position, client.dialect(), clock.instant()));
      }
      return true;
    } finally {
      lock.unlock();
    }
  }

  private static void tell(GatewayClient client, WireEvent event) {
    client.send(List.of(SocketCodec.event(event.name(), event.payload())));
  }

  /** Sends a client nothing any more over a connection. */
  void pause(GatewayClient client, SocketIoSocket via) {
    lock.lock();
    try {
      Follower follower = followers.get(client);
      if (follower != null && follower.via() == via) {
        followers.remove(client);
      }
      if (followers.isEmpty() && pump != null) {
        pump.stop();
        pump = null;
      }
    } finally {
      lock.unlock();
    }
  }

  boolean isEmpty() {
    lock.lock();
    try {
      return followers.isEmpty() && joining == 0;
    } finally {
      lock.unlock();
    }
  }

  /** Goes on when the session, which had been unloaded, is in memory again. */
  void resume() throws InterruptedException {
    Session session = sessions.loaded(id).orElse(null);
    lock.lock();
    try {
      if (session != null && pump == null && !followers.isEmpty()) {
        startPump(session);
      }
    } finally {
      lock.unlock();
    }
  }

  /** Goes on where an earlier pump ended as long as somebody waits for that. */
  private void startPump(Session session) throws InterruptedException {
    StreamMemory memory = StreamMemory.ofUnknownPast();
    if (followers.isEmpty()) {
      SessionView view = session.view();
      position = view.lastSeq();
      memory = StreamMemory.after(view);
    }
    Pump next = new Pump(session, position, memory);
    pump = next;
    next.start();
  }

  void close() {
    lock.lock();
    try {
      followers.clear();
      if (pump != null) {
        pump.stop();
        pump = null;
      }
    } finally {
      lock.unlock();
    }
  }

  /** Reads the log for everybody. */
  private final class Pump {
    private final Session session;
    private final EventFeed feed;
    private final WireEvents wire;

    Pump(Session session, long after, StreamMemory memory) throws InterruptedException {
      this.session = session;
      this.feed = session.feed(after);
      this.wire = new WireEvents(memory, texts);
    }

    void start() {
      Thread.ofVirtual().name("room-" + id).start(this::run);
    }

    /** Its thread ends as soon as it notices. */
    void stop() {
      feed.close();
    }

    private void run() {
      try (feed) {
        FeedBatch batch = feed.next(PATIENCE);
        while (!batch.ended()) {
          if (batch.reset()) {
            resetAll();
          } else if (batch.store() != StoreChange.NONE) {
            tellOfStore(batch.store() == StoreChange.FAILING);
          } else if (!batch.events().isEmpty()) {
            sendAll(batch.events());
          }
          batch = feed.next(PATIENCE);
        }
        if (batch.store() == StoreChange.TAKEN_OVER) {
          tellAll(dialect -> CatchUp.takenOver(id, position, dialect, clock.instant()));
        }
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
      } catch (RuntimeException e) {
        fail(e);
      } finally {
        ended();
      }
    }

    private void sendAll(List<EventEnvelope> events) throws InterruptedException {
      List<WireEvents.Shown> shown = new ArrayList<>(events.size());
      for (EventEnvelope envelope : events) {
        shown.add(wire.take(session, envelope));
      }
      List<Parcel> parcels = Parcel.pack(shown);
      lock.lock();
      try {
        if (pump != this) {
          return;
        }
        for (Parcel parcel : parcels) {
          followers.replaceAll((client, follower) -> send(parcel, client, follower));
          position = parcel.last();
        }
      } finally {
        lock.unlock();
      }
    }

    private Follower send(Parcel parcel, GatewayClient client, Follower follower) {
      if (follower.cursor() >= parcel.last()) {
        return follower;
      }
      client.deliver(
          follower.via(),
          id,
          parcel.last(),
          follower.cursor() < parcel.first()
              ? parcel.packets(client.dialect())
              : parcel.packetsAfter(follower.cursor(), client.dialect()));
      return new Follower(follower.via(), parcel.last());
    }

    private void tellOfStore(boolean fails) {
      lock.lock();
      try {
        if (pump == this) {
          storeFails = fails;
          tellAll(
              dialect ->
                  fails
                      ? CatchUp.storeFailing(id, position, dialect, clock.instant())
                      : CatchUp.storeRecovered(id, position, dialect, clock.instant()));
        }
      } finally {
        lock.unlock();
      }
    }

    private void tellAll(Function<Dialect, WireEvent> news) {
      lock.lock();
      try {
        if (pump == this) {
          for (GatewayClient client : followers.keySet()) {
            tell(client, news.apply(client.dialect()));
          }
        }
      } finally {
        lock.unlock();
      }
    }

    private void resetAll() {
      lock.lock();
      try {
        if (pump == this) {
          position = feed.cursor();
          followers.replaceAll(
              (client, follower) ->
                  new Follower(
                      follower.via(),
                      Newcomer.startOver(session, client, follower.via(), clock.instant())));
        }
      } finally {
        lock.unlock();
      }
    }

    /** Whoever follows cannot be told what happens: they may come back and try again. */
    private void fail(RuntimeException failure) {
      if (failure instanceof AgentRuntimeException known
          && known.code() == StandardError.STORE_UNAVAILABLE) {
        LOG.warn("session {}: its log cannot be read: {}", id, known.getMessage());
      } else {
        LOG.error("session {}: telling its followers failed", id, failure);
      }
      List<Follower> lost;
      lock.lock();
      try {
        lost = pump == this ? List.copyOf(followers.values()) : List.of();
      } finally {
        lock.unlock();
      }
      lost.forEach(follower -> follower.via().drop(DisconnectReason.INTERNAL_ERROR));
    }

    private void ended() {
      lock.lock();
      try {
        if (pump == this) {
          pump = null;
          storeFails = false;
        }
      } finally {
        lock.unlock();
      }
    }
  }
}
