// SPDX-License-Identifier: MIT

package io.agentruntime.app.gateway.socketio;

import io.agentruntime.app.gateway.engine.DisconnectReason;
import io.agentruntime.app.gateway.engine.EngineConnection;
import io.agentruntime.app.gateway.engine.EngineListener;
import io.agentruntime.app.gateway.engine.EngineRequest;
import io.agentruntime.app.gateway.protocol.ProtocolException;
import io.agentruntime.app.gateway.protocol.SocketCodec;
import io.agentruntime.app.gateway.protocol.SocketDecoder;
import io.agentruntime.app.gateway.protocol.SocketPacket;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The sockets of one connection, one per namespace. One thread at a time: the connection's. */
final class SocketIoConnection implements EngineListener {
  private static final Logger LOG = LoggerFactory.getLogger(SocketIoConnection.class);
  private static final String REFUSED = "Internal error";

  private final SocketIoServer server;
  private final EngineConnection connection;
  private final SocketDecoder decoder;
  private final Map<String, ConnectionSocket> sockets = new HashMap<>();
  private Runnable forgetConnectTimeout;

  SocketIoConnection(SocketIoServer server, EngineConnection connection) {
    this.server = server;
    this.connection = connection;
    this.decoder =
        new SocketDecoder(
            server.json(), server.options().maxAttachments(), server.options().inboxBytes());
    this.forgetConnectTimeout = expectConnect();
  }

  private Runnable expectConnect() {
    return connection.after(
        server.options().connectTimeout(),
        () -> {
          if (sockets.isEmpty()) {
            connection.close(DisconnectReason.CONNECT_TIMEOUT);
          }
        });
  }

  @Override
  public void onText(String message) {
    try {
      receive(decoder.accept(message));
    } catch (ProtocolException e) {
      violation(e.getMessage());
    }
  }

  @Override
  public void onBinary(byte[] message) {
    try {
      receive(decoder.accept(message));
    } catch (ProtocolException e) {
      violation(e.getMessage());
    }
  }

  @Override
  public void onClose(DisconnectReason reason) {
    forgetConnectTimeout.run();
    for (ConnectionSocket socket : List.copyOf(sockets.values())) {
      end(socket, reason);
    }
  }

  private void violation(@Nullable String what) {
    LOG.debug("Connection {}: {}", connection.number(), what);
    connection.close(DisconnectReason.PARSE_ERROR);
  }

  private void receive(@Nullable SocketPacket packet) {
    if (packet == null) {
      return;
    }
    ConnectionSocket socket = sockets.get(packet.namespace());
    if (packet instanceof SocketPacket.Connect connect && socket == null) {
      connect(connect);
      return;
    }
    if (socket == null) {
      violation("packet of a namespace that was not joined");
      return;
    }
    switch (packet) {
      case SocketPacket.Event event -> event(socket, event);
      case SocketPacket.Ack ack -> socket.acknowledge(ack.id(), ack.args());
      case SocketPacket.Disconnect disconnect -> {
        end(socket, DisconnectReason.CLIENT_LEFT);
        if (sockets.isEmpty()) {
          forgetConnectTimeout = expectConnect();
        }
      }
      case SocketPacket.Connect again -> violation("namespace was joined already");
      case SocketPacket.ConnectError error -> violation("only servers refuse");
    }
  }

  private void connect(SocketPacket.Connect packet) {
    String namespace = packet.namespace();
    if (!server.handler().namespaces().contains(namespace)) {
      connection.send(SocketCodec.connectError(namespace, "Invalid namespace", null));
      return;
    }
    EngineRequest from = connection.request();
    ConnectRequest request =
        new ConnectRequest(
            namespace, from.headers(), from.query(), packet.auth(), from.remoteAddress());
    switch (decide(request)) {
      case ConnectDecision.Reject reject ->
          connection.send(SocketCodec.connectError(namespace, reject.message(), reject.data()));
      case ConnectDecision.Accept accept -> join(request, accept);
    }
  }

  private ConnectDecision decide(ConnectRequest request) {
    try {
      return server.handler().onConnect(request);
    } catch (RuntimeException e) {
      LOG.error("Connection {}: the handler failed to decide", connection.number(), e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
    return ConnectDecision.reject(REFUSED);
  }

  private void join(ConnectRequest request, ConnectDecision.Accept accept) {
    forgetConnectTimeout.run();
    ConnectionSocket socket =
        new ConnectionSocket(server, this, connection, request, accept.attachment());
    sockets.put(request.namespace(), socket);
    server.add(socket);
    connection.markEstablished();
    connection.send(SocketCodec.connect(request.namespace(), socket.id(), accept.recoveryId()));
    call("onConnected", socket, () -> server.handler().onConnected(socket));
  }

  private void event(ConnectionSocket socket, SocketPacket.Event event) {
    Ack ack = event.id() == null ? null : new SocketAck(socket, event.id());
    boolean handled =
        call(
            "onEvent " + event.name(),
            socket,
            () -> server.handler().onEvent(socket, event.name(), event.args(), ack));
    if (!handled && ack != null) {
      ack.send(Map.of("success", false, "error", REFUSED));
    }
  }

  /** Ends a socket, on the connection's thread. */
  void end(ConnectionSocket socket, DisconnectReason reason) {
    if (sockets.remove(socket.namespace(), socket)) {
      socket.ended();
      server.remove(socket);
      call("onDisconnect", socket, () -> server.handler().onDisconnect(socket, reason));
    }
  }

  private interface HandlerCall {
    void run() throws InterruptedException;
  }

  private boolean call(String what, ConnectionSocket socket, HandlerCall call) {
    try {
      call.run();
      return true;
    } catch (RuntimeException e) {
      LOG.error("Socket {}: the handler failed in {}", socket.id(), what, e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
    return false;
  }
}
