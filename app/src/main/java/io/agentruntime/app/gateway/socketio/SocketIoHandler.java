// SPDX-License-Identifier: MIT

package io.agentruntime.app.gateway.socketio;

import io.agentruntime.app.gateway.engine.DisconnectReason;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * What the events of clients mean.
 *
 * <p>Implementations must be thread-safe. The calls for one connection come one after the other, on
 * virtual threads, and may block: then this connection's later messages wait. What a call throws
 * concerns this one socket: it is logged, {@link #onEvent} answers its acknowledgement with {@code
 * {success: false, error}}, {@link #onConnect} refuses the client. Interruption means that the
 * server stops.
 */
public interface SocketIoHandler {
  /** The namespaces that can be joined. */
  default Set<String> namespaces() {
    return Set.of("/");
  }

  /** Decides on a client that wants to join. */
  ConnectDecision onConnect(ConnectRequest request) throws InterruptedException;

  /** A client has joined: the socket takes packets from here on. */
  default void onConnected(SocketIoSocket socket) throws InterruptedException {}

  /**
   * An event of a client. Unknown names and wrong arguments are to be expected here.
   *
   * @param args what followed the name: plain maps, lists, strings, numbers, booleans, null, and
   *     byte arrays for attachments
   * @param ack how to acknowledge it; null if the client does not care to know
   */
  void onEvent(SocketIoSocket socket, String name, List<@Nullable Object> args, @Nullable Ack ack)
      throws InterruptedException;

  /** A socket has ended: called once for each that had connected, last. */
  default void onDisconnect(SocketIoSocket socket, DisconnectReason reason)
      throws InterruptedException {}
}
