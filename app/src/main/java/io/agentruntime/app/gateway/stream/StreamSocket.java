// SPDX-License-Identifier: MIT

package io.agentruntime.app.gateway.stream;

import io.agentruntime.core.AgentRuntime;
import io.agentruntime.core.session.Session;
import io.agentruntime.error.AgentRuntimeException;
import io.agentruntime.error.StandardError;
import io.agentruntime.model.session.SessionId;
import io.micronaut.core.annotation.NonBlocking;
import io.micronaut.http.HttpRequest;
import io.micronaut.http.server.netty.NettyHttpRequest;
import io.micronaut.websocket.WebSocketPongMessage;
import io.micronaut.websocket.WebSocketSession;
import io.micronaut.websocket.annotation.OnClose;
import io.micronaut.websocket.annotation.OnError;
import io.micronaut.websocket.annotation.OnMessage;
import io.micronaut.websocket.annotation.OnOpen;
import io.micronaut.websocket.annotation.ServerWebSocket;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A session's log over a plain WebSocket. What is wrong with the request is told on the socket,
 * because pages in browsers see nothing of a refused handshake.
 *
 * <p>Called on the event loop of each channel.
 */
@NonBlocking
@ServerWebSocket("/{prefix:(api/)?}sessions/{id}/ws")
final class StreamSocket {
  private static final Logger LOG = LoggerFactory.getLogger(StreamSocket.class);
  private static final int LONGEST_MESSAGE = 4096;

  private final AgentRuntime runtime;
  private final SessionStreams streams;
  private final Map<WebSocketSession, SocketSink> sinks = new ConcurrentHashMap<>();

  StreamSocket(AgentRuntime runtime, SessionStreams streams) {
    this.runtime = runtime;
    this.streams = streams;
  }

  @OnOpen
  void onOpen(String id, WebSocketSession socket, HttpRequest<?> request) {
    SocketSink sink =
        new SocketSink(
            ((NettyHttpRequest<?>) request).getChannelHandlerContext().channel(), streams.timing());
    sinks.put(socket, sink);
    // Loading a session takes its time, which other sockets of this loop do not have.
    Thread.ofVirtual().name("stream-open").start(() -> begin(id, request, sink));
  }

  private void begin(String id, HttpRequest<?> request, SocketSink sink) {
    try {
      streams.start(session(id), StreamCursor.of(request), sink);
    } catch (AgentRuntimeException e) {
      StreamEnd end = StreamEnd.of(e);
      sink.end(new StreamEnd(end.code(), runtime.redact(end.text())));
    } catch (InterruptedException e) {
      sink.end(StreamEnd.SHUTTING_DOWN);
      Thread.currentThread().interrupt();
    } catch (RuntimeException e) {
      LOG.error("a stream cannot begin", e);
      sink.end(new StreamEnd(StandardError.INTERNAL_ERROR, "Internal server error"));
    }
  }

  private Session session(String id) throws InterruptedException {
    SessionId known;
    try {
      known = new SessionId(id);
    } catch (AgentRuntimeException e) {
      throw new AgentRuntimeException(StandardError.SESSION_NOT_FOUND, "Session not found", e);
    }
    return runtime.sessions().get(known);
  }

  @OnMessage(maxPayloadLength = LONGEST_MESSAGE)
  void onMessage(String message, WebSocketSession socket) {
    SocketSink sink = sinks.get(socket);
    if (sink != null) {
      sink.end(StreamEnd.UNEXPECTED_MESSAGE);
    }
  }

  @OnMessage
  void onPong(WebSocketPongMessage answer, WebSocketSession socket) {
    SocketSink sink = sinks.get(socket);
    if (sink != null) {
      sink.heard();
    }
  }

  @OnError
  void onError(WebSocketSession socket, Throwable failure) {
    LOG.debug("a stream's socket failed", failure);
    SocketSink sink = sinks.get(socket);
    if (sink != null) {
      sink.end(StreamEnd.UNEXPECTED_MESSAGE);
    }
  }

  @OnClose
  void onClose(WebSocketSession socket) {
    SocketSink sink = sinks.remove(socket);
    if (sink != null) {
      sink.left();
    }
  }
}
