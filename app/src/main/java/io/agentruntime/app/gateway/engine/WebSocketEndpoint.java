// SPDX-License-Identifier: MIT

package io.agentruntime.app.gateway.engine;

import io.agentruntime.app.gateway.protocol.EnginePacket;
import io.agentruntime.app.gateway.protocol.ProtocolException;
import io.micronaut.context.annotation.Requires;
import io.micronaut.core.annotation.NonBlocking;
import io.micronaut.http.HttpRequest;
import io.micronaut.http.server.netty.NettyHttpRequest;
import io.micronaut.websocket.WebSocketSession;
import io.micronaut.websocket.annotation.OnClose;
import io.micronaut.websocket.annotation.OnError;
import io.micronaut.websocket.annotation.OnMessage;
import io.micronaut.websocket.annotation.OnOpen;
import io.micronaut.websocket.annotation.ServerWebSocket;
import io.netty.channel.Channel;
import io.netty.handler.codec.http.websocketx.CorruptedWebSocketFrameException;
import io.netty.handler.codec.http.websocketx.WebSocketCloseStatus;
import io.netty.handler.codec.http.websocketx.WebSocketFrame;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The WebSocket transport. Its requests have passed {@link PollingEndpoint#upgrade} before.
 *
 * <p>Called on the event loop of each channel, which keeps the frames of one client in order.
 */
@NonBlocking
@ServerWebSocket("${agent-runtime.gateway.path:/socket.io/}")
@Requires(beans = EngineServer.class)
final class WebSocketEndpoint {
  /** The longest frame that is read at all: what {@code maxPayload} may be at most. */
  static final int MAX_FRAME = 1_000_000;

  private static final Logger LOG = LoggerFactory.getLogger(WebSocketEndpoint.class);
  private static final String LINK_HANDLER = "gateway-link";

  private record Attached(
      EngineConnection connection, NettyWebSocketLink link, FrameAssembler frames) {}

  private final EngineServer server;
  private final Map<WebSocketSession, Attached> attached = new ConcurrentHashMap<>();

  WebSocketEndpoint(EngineServer server) {
    this.server = server;
  }

  @OnOpen
  void onOpen(WebSocketSession session, HttpRequest<?> request) {
    // The session hides the channel, and without it there is no telling when it has room again.
    Channel channel = ((NettyHttpRequest<?>) request).getChannelHandlerContext().channel();
    NettyWebSocketLink link = new NettyWebSocketLink(channel);
    channel.pipeline().addLast(LINK_HANDLER, link);
    EngineConnection connection = connect(Handshakes.read(request), link);
    if (connection != null) {
      FrameAssembler frames = new FrameAssembler(server.options().maxPayload());
      attached.put(session, new Attached(connection, link, frames));
    }
  }

  private @Nullable EngineConnection connect(EngineRequest request, NettyWebSocketLink link) {
    Optional<String> sid = request.parameter(Handshakes.SID);
    if (sid.isEmpty()) {
      EngineConnection connection = server.openWebSocket(request, link);
      if (connection == null) {
        link.close(DisconnectReason.TOO_MANY_CONNECTIONS);
      }
      return connection;
    }
    EngineConnection connection = server.find(sid.get()).orElse(null);
    if (connection == null || !connection.offer(link)) {
      link.close(DisconnectReason.TRANSPORT_ERROR);
      return null;
    }
    return connection;
  }

  @OnMessage(maxPayloadLength = MAX_FRAME)
  void onMessage(WebSocketFrame frame, WebSocketSession session) {
    // Asking for the frame itself makes its release our duty, and tells text from binary.
    try {
      Attached to = attached.get(session);
      if (to != null) {
        receive(to, frame);
      }
    } finally {
      frame.release();
    }
  }

  private static void receive(Attached to, WebSocketFrame frame) {
    try {
      EnginePacket packet = to.frames().accept(frame);
      if (packet != null) {
        to.connection().receive(to.link(), packet);
      }
    } catch (ProtocolException e) {
      LOG.debug("Connection {}: {}", to.connection().number(), e.getMessage());
      to.connection().fail(to.link(), DisconnectReason.PARSE_ERROR);
    } catch (FrameAssembler.TooLongException e) {
      to.connection().fail(to.link(), DisconnectReason.MESSAGE_TOO_LONG);
    }
  }

  @OnError
  void onError(WebSocketSession session, Throwable failure) {
    Attached to = attached.get(session);
    if (to == null) {
      session.close();
      return;
    }
    LOG.debug("Connection {}: its WebSocket failed", to.connection().number(), failure);
    boolean tooLong =
        failure instanceof CorruptedWebSocketFrameException corrupted
            && corrupted.closeStatus().equals(WebSocketCloseStatus.MESSAGE_TOO_BIG);
    to.connection()
        .fail(
            to.link(),
            tooLong ? DisconnectReason.MESSAGE_TOO_LONG : DisconnectReason.TRANSPORT_ERROR);
  }

  @OnClose
  void onClose(WebSocketSession session) {
    Attached to = attached.remove(session);
    if (to != null) {
      to.connection().lost(to.link());
    }
  }
}
