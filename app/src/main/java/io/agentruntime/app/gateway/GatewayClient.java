// SPDX-License-Identifier: MIT

package io.agentruntime.app.gateway;

import io.agentruntime.app.gateway.protocol.EncodedPacket;
import io.agentruntime.app.gateway.socketio.SocketIoSocket;
import io.agentruntime.model.session.SessionId;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/**
 * A client over the connections it has one after the other: what it speaks, what it follows, and
 * what it was sent. Thread-safe.
 *
 * <p>Everything that carries a place in a log goes through here, so that the order of sending and
 * the note of it are one.
 */
final class GatewayClient {
  private static final int MAX_LEFT = 1_000;

  private final String recoveryId;
  private final Dialect dialect;
  private final ClientTraits traits;
  private final ReentrantLock lock = new ReentrantLock();
  private final DeliveryLog deliveries = new DeliveryLog();
  private final Set<SessionId> joined = new HashSet<>();
  private final Map<SessionId, Long> left =
      new LinkedHashMap<>() {
        @Override
        protected boolean removeEldestEntry(Map.Entry<SessionId, Long> eldest) {
          if (size() <= MAX_LEFT) {
            return false;
          }
          deliveries.forget(eldest.getKey());
          return true;
        }
      };
  private @Nullable SocketIoSocket socket;

  /**
   * A client without a connection.
   *
   * @param recoveryId names it to itself; secret
   * @param dialect what it speaks
   * @param traits what is known of it
   */
  GatewayClient(String recoveryId, Dialect dialect, ClientTraits traits) {
    this.recoveryId = recoveryId;
    this.dialect = dialect;
    this.traits = traits;
  }

  String recoveryId() {
    return recoveryId;
  }

  Dialect dialect() {
    return dialect;
  }

  ClientTraits traits() {
    return traits;
  }

  /** Gives it a connection in place of the one it had. */
  void attach(SocketIoSocket next) {
    lock.lock();
    try {
      socket = next;
    } finally {
      lock.unlock();
    }
  }

  /** Takes a connection from it; false if it does not have this one. */
  boolean detach(SocketIoSocket ended) {
    lock.lock();
    try {
      if (socket != ended) {
        return false;
      }
      socket = null;
      return true;
    } finally {
      lock.unlock();
    }
  }

  /** Whether this is its connection. */
  boolean uses(SocketIoSocket one) {
    lock.lock();
    try {
      return socket == one;
    } finally {
      lock.unlock();
    }
  }

  /** Its connection, if it has one. */
  Optional<SocketIoSocket> socket() {
    lock.lock();
    try {
      return Optional.ofNullable(socket);
    } finally {
      lock.unlock();
    }
  }

  /**
   * Sends packets after which it has a session's log up to some place.
   *
   * @param via the connection to use
   * @return false when it does not have that connection, or the connection does not take them
   */
  boolean deliver(SocketIoSocket via, SessionId session, long seq, List<EncodedPacket> packets) {
    lock.lock();
    try {
      if (socket != via) {
        return false;
      }
      if (packets.isEmpty()) {
        return true;
      }
      deliveries.sent(session, seq);
      for (EncodedPacket packet : packets) {
        if (!via.send(packet)) {
          return false;
        }
      }
      return true;
    } finally {
      lock.unlock();
    }
  }

  /** Sends packets that say nothing about its place in a log. */
  void send(List<EncodedPacket> packets) {
    socket().ifPresent(current -> packets.forEach(current::send));
  }

  void joined(SessionId session) {
    lock.lock();
    try {
      joined.add(session);
      left.remove(session);
    } finally {
      lock.unlock();
    }
  }

  /** It follows a session no longer, and may come back to it with what it has. */
  void left(SessionId session) {
    lock.lock();
    try {
      if (joined.remove(session)) {
        Long cursor = deliveries.cursors().get(session);
        if (cursor != null) {
          left.put(session, cursor);
        }
      }
    } finally {
      lock.unlock();
    }
  }

  /** Says that it has a session's log up to some place although we did not send it. */
  void knows(Offset offset) {
    lock.lock();
    try {
      left.put(offset.session(), offset.seq());
    } finally {
      lock.unlock();
    }
  }

  /** What it has of a session that it does not follow, if that is known. */
  Optional<Long> has(SessionId session) {
    lock.lock();
    try {
      return Optional.ofNullable(left.get(session));
    } finally {
      lock.unlock();
    }
  }

  boolean follows(SessionId session) {
    lock.lock();
    try {
      return joined.contains(session);
    } finally {
      lock.unlock();
    }
  }

  Set<SessionId> followed() {
    lock.lock();
    try {
      return Set.copyOf(joined);
    } finally {
      lock.unlock();
    }
  }

  /**
   * Takes everything after an event as not arrived.
   *
   * @return what it has of each session that it follows; a session without a number has sent it
   *     nothing yet. Empty when that event is not known.
   */
  Optional<Map<SessionId, Optional<Long>>> rewind(Offset last) {
    lock.lock();
    try {
      if (!deliveries.rewind(last)) {
        return Optional.empty();
      }
      Map<SessionId, Long> cursors = deliveries.cursors();
      left.replaceAll((id, seq) -> Math.min(seq, cursors.getOrDefault(id, seq)));
      Map<SessionId, Optional<Long>> followed = new LinkedHashMap<>();
      joined.forEach(id -> followed.put(id, Optional.ofNullable(cursors.get(id))));
      return Optional.of(followed);
    } finally {
      lock.unlock();
    }
  }

  @Override
  public String toString() {
    return "GatewayClient[" + dialect.label() + "]";
  }
}
