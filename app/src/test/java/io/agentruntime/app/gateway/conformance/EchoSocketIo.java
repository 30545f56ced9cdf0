package io.agentruntime.app.gateway.conformance;

import io.agentruntime.app.gateway.protocol.SocketCodec;
import io.agentruntime.app.gateway.socketio.Ack;
import io.agentruntime.app.gateway.socketio.ConnectDecision;
import io.agentruntime.app.gateway.socketio.ConnectRequest;
import io.agentruntime.app.gateway.socketio.SocketIoHandler;
import io.agentruntime.app.gateway.socketio.SocketIoSocket;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Sends everything back, as the protocol's own test suite wants it. */
final class EchoSocketIo implements SocketIoHandler {
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
}
