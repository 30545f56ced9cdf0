// SPDX-License-Identifier: MIT

package io.agentruntime.app.gateway;

import io.agentruntime.app.gateway.engine.DisconnectReason;
import io.agentruntime.app.gateway.protocol.SocketCodec;
import io.agentruntime.app.gateway.socketio.Ack;
import io.agentruntime.app.gateway.socketio.ConnectDecision;
import io.agentruntime.app.gateway.socketio.ConnectRequest;
import io.agentruntime.app.gateway.socketio.SocketIoHandler;
import io.agentruntime.app.gateway.socketio.SocketIoSocket;
import java.util.List;
import java.util.Set;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import org.jspecify.annotations.Nullable;

/**
 * Sends everything back, as the protocol's own test suite wants it, and remembers who came and why
 * they went.
 */
public final class EchoSocketIo implements SocketIoHandler {
  private final BlockingQueue<SocketIoSocket> connected = new LinkedBlockingQueue<>();
  private final BlockingQueue<DisconnectReason> ended = new LinkedBlockingQueue<>();

  @Override
  public Set<String> namespaces() {
    return Set.of("/", "/custom");
  }

  @Override
  public ConnectDecision onConnect(ConnectRequest request) {
    return ConnectDecision.accept();
  }

  @Override
  public void onConnected(SocketIoSocket socket) {
    socket.send(
        SocketCodec.event(socket.namespace(), null, "auth", List.of(socket.request().auth())));
    connected.add(socket);
  }

  @Override
  public void onEvent(
      SocketIoSocket socket, String name, List<@Nullable Object> args, @Nullable Ack ack) {
    if (ack != null) {
      ack.send(args.toArray());
    } else {
      socket.send(SocketCodec.event(socket.namespace(), null, name + "-back", args));
    }
  }

  @Override
  public void onDisconnect(SocketIoSocket socket, DisconnectReason reason) {
    ended.add(reason);
  }

  /** The next socket that connects, or has connected. */
  public SocketIoSocket nextSocket() throws InterruptedException {
    return Await.next(connected, "a socket connects");
  }

  /** The next reason for which a socket ends, or has ended. */
  public DisconnectReason nextEnd() throws InterruptedException {
    return Await.next(ended, "a socket ends");
  }
}
