// SPDX-License-Identifier: MIT

package io.agentruntime.app.gateway;

import io.agentruntime.app.gateway.socketio.SocketIoSocket;
import java.security.SecureRandom;
import java.time.Duration;
import java.util.Base64;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.LongSupplier;

/**
 * Clients that have a connection, and for a while those that lost theirs and may come back.
 * Thread-safe; bounded in time and number.
 */
final class ClientRegistry {
  private static final int ID_BYTES = 24;
  private static final int MAX_LOST = 10_000;

  private final Duration remembered;
  private final LongSupplier nanoTime;
  private final SecureRandom random = new SecureRandom();
  private final ReentrantLock lock = new ReentrantLock();
  private final Map<String, GatewayClient> connected = new LinkedHashMap<>();

  /** Lost clients in the order in which they were lost. */
  private final Map<String, Lost> lost = new LinkedHashMap<>();

  private record Lost(GatewayClient client, long since) {}

  /**
   * An empty registry.
   *
   * @param remembered how long a lost client may come back
   * @param nanoTime a monotonic clock
   */
  ClientRegistry(Duration remembered, LongSupplier nanoTime) {
    this.remembered = remembered;
    this.nanoTime = nanoTime;
  }

  /** A new client without a connection; it is known once it is {@link #connected}. */
  GatewayClient create(Dialect dialect, ClientTraits traits) {
    byte[] id = new byte[ID_BYTES];
    random.nextBytes(id);
    return new GatewayClient(
        Base64.getUrlEncoder().withoutPadding().encodeToString(id), dialect, traits);
  }

  /** The client of that name, be it that its last connection does not know yet that it is lost. */
  Optional<GatewayClient> find(String recoveryId) {
    lock.lock();
    try {
      forgetOld();
      GatewayClient client = connected.get(recoveryId);
      Lost gone = lost.get(recoveryId);
      return Optional.ofNullable(client != null ? client : gone == null ? null : gone.client());
    } finally {
      lock.unlock();
    }
  }

  /** A client has this connection from now on. */
  void connected(GatewayClient client, SocketIoSocket socket) {
    lock.lock();
    try {
      lost.remove(client.recoveryId());
      connected.put(client.recoveryId(), client);
      client.attach(socket);
    } finally {
      lock.unlock();
    }
  }

  /**
   * Takes a connection from a client, which may come back.
   *
   * @return false, and nothing happens, if it has another one by now
   */
  boolean lost(GatewayClient client, SocketIoSocket ended) {
    lock.lock();
    try {
      if (!client.detach(ended)) {
        return false;
      }
      forgetOld();
      connected.remove(client.recoveryId());
      if (lost.size() == MAX_LOST) {
        lost.remove(lost.keySet().iterator().next());
      }
      lost.put(client.recoveryId(), new Lost(client, nanoTime.getAsLong()));
      return true;
    } finally {
      lock.unlock();
    }
  }

  /** Takes a connection from a client that will not come back, unless it has another one. */
  void gone(GatewayClient client, SocketIoSocket ended) {
    lock.lock();
    try {
      if (client.detach(ended)) {
        connected.remove(client.recoveryId());
      }
    } finally {
      lock.unlock();
    }
  }

  /** The clients that have a connection. */
  List<GatewayClient> connected() {
    lock.lock();
    try {
      return List.copyOf(connected.values());
    } finally {
      lock.unlock();
    }
  }

  /** How many lost clients are remembered. */
  int lostCount() {
    lock.lock();
    try {
      forgetOld();
      return lost.size();
    } finally {
      lock.unlock();
    }
  }

  private void forgetOld() {
    long now = nanoTime.getAsLong();
    Iterator<Lost> oldestFirst = lost.values().iterator();
    while (oldestFirst.hasNext() && now - oldestFirst.next().since() > remembered.toNanos()) {
      oldestFirst.remove();
    }
  }
}
