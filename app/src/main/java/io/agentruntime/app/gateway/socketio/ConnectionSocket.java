// SPDX-License-Identifier: MIT

package io.agentruntime.app.gateway.socketio;

import io.agentruntime.app.gateway.engine.DisconnectReason;
import io.agentruntime.app.gateway.engine.EngineConnection;
import io.agentruntime.app.gateway.protocol.EncodedPacket;
import io.agentruntime.app.gateway.protocol.SocketCodec;
import java.time.Duration;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/** A socket on a connection. Thread-safe. */
final class ConnectionSocket implements SocketIoSocket {
  private final SocketIoServer server;
  private final SocketIoConnection owner;
  private final EngineConnection connection;
  private final String id;
  private final ConnectRequest request;
  private final @Nullable Object attachment;
  private final PendingAcks acks = new PendingAcks();

  private final ReentrantLock lock = new ReentrantLock();
  private final Set<String> rooms = new HashSet<>();
  private volatile boolean connected = true;

  ConnectionSocket(
      SocketIoServer server,
      SocketIoConnection owner,
      EngineConnection connection,
      ConnectRequest request,
      @Nullable Object attachment) {
    this.server = server;
    this.owner = owner;
    this.connection = connection;
    this.id = server.newId();
    this.request = request;
    this.attachment = attachment;
  }

  @Override
  public String id() {
    return id;
  }

  @Override
  public String namespace() {
    return request.namespace();
  }

  @Override
  public ConnectRequest request() {
    return request;
  }

  @Override
  public <T> T attachment(Class<T> type) {
    if (!type.isInstance(attachment)) {
      throw new IllegalStateException("No " + type.getSimpleName() + " was attached to " + this);
    }
    return type.cast(attachment);
  }

  @Override
  public boolean isConnected() {
    return connected;
  }

  @Override
  public boolean send(EncodedPacket packet) {
    return connected && connection.send(packet);
  }

  @Override
  public CompletableFuture<List<@Nullable Object>> request(
      String name, Duration deadline, @Nullable Object... args) {
    return acks.expect(
        deadline, ackId -> send(SocketCodec.event(namespace(), ackId, name, Arrays.asList(args))));
  }

  void acknowledge(long ackId, List<@Nullable Object> args) {
    acks.complete(ackId, args);
  }

  @Override
  public boolean awaitDrained(Duration deadline) throws InterruptedException {
    return connected && connection.awaitDrained(deadline);
  }

  @Override
  public boolean join(String room) {
    lock.lock();
    try {
      if (!connected) {
        return false;
      }
      if (rooms.contains(room)) {
        return true;
      }
      if (rooms.size() >= server.options().maxRooms()) {
        return false;
      }
      rooms.add(room);
      server.rooms().join(this, room);
      return true;
    } finally {
      lock.unlock();
    }
  }

  @Override
  public void leave(String room) {
    lock.lock();
    try {
      if (rooms.remove(room)) {
        server.rooms().leave(this, room);
      }
    } finally {
      lock.unlock();
    }
  }

  @Override
  public Set<String> rooms() {
    lock.lock();
    try {
      return Set.copyOf(rooms);
    } finally {
      lock.unlock();
    }
  }

  @Override
  public void disconnect() {
    if (send(SocketCodec.disconnect(namespace()))) {
      connection.execute(() -> owner.end(this, DisconnectReason.SERVER_LEFT));
      connection.closeAfterSending(DisconnectReason.SERVER_LEFT);
    }
  }

  @Override
  public void drop(DisconnectReason reason) {
    connection.close(reason);
  }

  /** Called once, by the connection. */
  void ended() {
    lock.lock();
    try {
      connected = false;
      rooms.forEach(room -> server.rooms().leave(this, room));
      rooms.clear();
    } finally {
      lock.unlock();
    }
    acks.cancel();
  }

  @Override
  public String toString() {
    return "Socket[id=" + id + "]";
  }
}
