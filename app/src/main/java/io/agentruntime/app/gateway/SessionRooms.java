// SPDX-License-Identifier: MIT

package io.agentruntime.app.gateway;

import io.agentruntime.app.gateway.socketio.SocketIoSocket;
import io.agentruntime.app.rest.view.FileTexts;
import io.agentruntime.core.session.SessionDirectory;
import io.agentruntime.model.session.SessionId;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The rooms of all sessions that somebody follows. Thread-safe. */
final class SessionRooms {
  private static final Logger LOG = LoggerFactory.getLogger(SessionRooms.class);

  private final SessionDirectory sessions;
  private final FileTexts texts;
  private final InstantSource clock;
  private final Map<SessionId, SessionRoom> rooms = new ConcurrentHashMap<>();

  SessionRooms(SessionDirectory sessions, FileTexts texts, InstantSource clock) {
    this.sessions = sessions;
    this.texts = texts;
    this.clock = clock;
  }

  /** Lets a client follow a session; returns the last event that it then has. */
  long join(GatewayClient client, SocketIoSocket via, SessionId session, JoinPoint point)
      throws InterruptedException {
    SessionRoom room =
        rooms.compute(
            session,
            (id, present) -> {
              SessionRoom entered =
                  present == null ? new SessionRoom(id, sessions, texts, clock) : present;
              entered.enter();
              return entered;
            });
    try {
      return room.join(client, via, point);
    } finally {
      room.exit();
      forgetIfEmpty(room);
    }
  }

  /** Tells a follower the state of the runtime again; returns the last event it has. */
  long repeatStatus(GatewayClient client, SessionId session) throws InterruptedException {
    SessionRoom room = rooms.get(session);
    return room == null ? 0 : room.repeatStatus(client);
  }

  /** Ends a client's following. */
  void leave(GatewayClient client, SocketIoSocket via, SessionId session) {
    pause(client, via, session);
    client.left(session);
  }

  /** Sends a client nothing any more over a connection. */
  void pause(GatewayClient client, SocketIoSocket via, SessionId session) {
    SessionRoom room = rooms.get(session);
    if (room != null) {
      room.pause(client, via);
      forgetIfEmpty(room);
    }
  }

  /** Goes on with sessions that were unloaded and are in memory again. */
  void resume() throws InterruptedException {
    for (SessionRoom room : List.copyOf(rooms.values())) {
      try {
        room.resume();
      } catch (RuntimeException e) {
        LOG.warn("session {}: its followers are not served", room.id(), e);
      }
    }
  }

  /** How many rooms there are. */
  int count() {
    return rooms.size();
  }

  void close() {
    rooms.values().forEach(SessionRoom::close);
  }

  private void forgetIfEmpty(SessionRoom room) {
    rooms.computeIfPresent(
        room.id(), (id, present) -> present == room && room.isEmpty() ? null : present);
  }
}
