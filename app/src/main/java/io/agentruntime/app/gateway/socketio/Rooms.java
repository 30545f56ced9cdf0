// SPDX-License-Identifier: MIT

package io.agentruntime.app.gateway.socketio;

import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Consumer;

/** Who is in which room. Thread-safe; an empty room takes no memory. */
final class Rooms {
  private record Room(String namespace, String name) {}

  private final Map<Room, Set<SocketIoSocket>> members = new ConcurrentHashMap<>();

  void join(SocketIoSocket socket, String name) {
    members.compute(
        new Room(socket.namespace(), name),
        (room, present) -> {
          Set<SocketIoSocket> sockets = present == null ? ConcurrentHashMap.newKeySet() : present;
          sockets.add(socket);
          return sockets;
        });
  }

  void leave(SocketIoSocket socket, String name) {
    members.computeIfPresent(
        new Room(socket.namespace(), name),
        (room, sockets) -> {
          sockets.remove(socket);
          return sockets.isEmpty() ? null : sockets;
        });
  }

  void forEach(String namespace, String name, Consumer<SocketIoSocket> action) {
    members.getOrDefault(new Room(namespace, name), Set.of()).forEach(action);
  }

  int count() {
    return members.size();
  }
}
