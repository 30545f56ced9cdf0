// SPDX-License-Identifier: MIT

package io.agentruntime.app.gateway.socketio;

import io.agentruntime.app.gateway.engine.EngineConnection;
import io.agentruntime.app.gateway.engine.EngineHandler;
import io.agentruntime.app.gateway.engine.EngineListener;
import io.agentruntime.app.gateway.engine.GatewayOptions;
import io.agentruntime.app.gateway.protocol.EncodedPacket;
import io.agentruntime.app.gateway.protocol.JsonLimits;
import io.agentruntime.app.gateway.protocol.JsonText;
import io.micronaut.context.annotation.Requires;
import jakarta.inject.Singleton;
import java.security.SecureRandom;
import java.util.Base64;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;

/**
 * All sockets and rooms of this process. Thread-safe; nothing here blocks.
 *
 * <p>It works as soon as there is a {@link SocketIoHandler} bean.
 */
@Singleton
@Requires(beans = SocketIoHandler.class)
public final class SocketIoServer implements EngineHandler {
  private static final String MAIN = "/";
  private static final int ID_BYTES = 15;

  private final GatewayOptions options;
  private final SocketIoHandler handler;
  private final JsonText json;
  private final SecureRandom random = new SecureRandom();
  private final Rooms rooms = new Rooms();
  private final Map<String, SocketIoSocket> sockets = new ConcurrentHashMap<>();

  /** Creates the server. */
  public SocketIoServer(GatewayOptions options, SocketIoHandler handler) {
    this.options = options;
    this.handler = handler;
    this.json = new JsonText(new JsonLimits(options.maxJsonDepth(), options.maxJsonTokens()));
  }

  @Override
  public EngineListener open(EngineConnection connection) {
    return new SocketIoConnection(this, connection);
  }

  /** Sends a packet to all sockets in a room of the main namespace. */
  public void sendToRoom(String room, EncodedPacket packet) {
    rooms.forEach(MAIN, room, socket -> socket.send(packet));
  }

  /** Sends a packet to all sockets of the main namespace. */
  public void sendToAll(EncodedPacket packet) {
    for (SocketIoSocket socket : sockets.values()) {
      if (socket.namespace().equals(MAIN)) {
        socket.send(packet);
      }
    }
  }

  /** The socket of that id. */
  public Optional<SocketIoSocket> socket(String id) {
    return Optional.ofNullable(sockets.get(id));
  }

  /** All sockets at this moment. */
  public Collection<SocketIoSocket> sockets() {
    return List.copyOf(sockets.values());
  }

  /** How many rooms have somebody in them. */
  public int roomCount() {
    return rooms.count();
  }

  GatewayOptions options() {
    return options;
  }

  SocketIoHandler handler() {
    return handler;
  }

  JsonText json() {
    return json;
  }

  Rooms rooms() {
    return rooms;
  }

  String newId() {
    byte[] bytes = new byte[ID_BYTES];
    random.nextBytes(bytes);
    return Base64.getUrlEncoder().withoutPadding().encodeToString(bytes);
  }

  void add(SocketIoSocket socket) {
    sockets.put(socket.id(), socket);
  }

  void remove(SocketIoSocket socket) {
    sockets.remove(socket.id());
  }
}
