// SPDX-License-Identifier: MIT

package io.agentruntime.bench;

import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.WebSocket;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * A Socket.IO client over a WebSocket, as plain as it can be: what it measures must not be itself.
 * Events are given to its listener as text, on the HTTP client's threads, in order. Thread-safe.
 */
public final class SocketIoClient implements WebSocket.Listener, AutoCloseable {
  private static final int PATIENCE_SECONDS = 60;

  private final Consumer<String> onEvent;
  private final CompletableFuture<String> connected = new CompletableFuture<>();
  private final Map<Integer, CompletableFuture<String>> replies = new ConcurrentHashMap<>();
  private final AtomicInteger lastId = new AtomicInteger();
  private final CompletableFuture<Integer> closed = new CompletableFuture<>();
  private final StringBuilder partial = new StringBuilder();
  private final WebSocket socket;
  private volatile boolean reading = true;

  private SocketIoClient(HttpClient http, URI address, Consumer<String> onEvent) {
    this.onEvent = onEvent;
    this.socket = http.newWebSocketBuilder().buildAsync(address, this).join();
  }

  /**
   * Connects and waits until the server has let it in.
   *
   * @param onEvent gets everything from the bracket on: {@code ["name",{…}]}
   */
  public static SocketIoClient connect(
      HttpClient http, URI server, String key, Consumer<String> onEvent) throws Exception {
    URI address =
        URI.create(
            "ws://"
                + server.getHost()
                + ":"
                + server.getPort()
                + "/socket.io/?EIO=4&transport=websocket&dialect=flat&apiKey="
                + key);
    SocketIoClient client = new SocketIoClient(http, address, onEvent);
    client.connected.get(PATIENCE_SECONDS, TimeUnit.SECONDS);
    return client;
  }

  /** Follows a session; returns what the server answered. */
  public String join(String session) throws Exception {
    return joinWith("\"" + session + "\"");
  }

  /** Follows a session from behind an event; returns what the server answered. */
  public String joinAfter(String session, long seq) throws Exception {
    return joinWith("\"" + session + "\",{\"after\":" + seq + "}");
  }

  private String joinWith(String arguments) throws Exception {
    int id = lastId.incrementAndGet();
    CompletableFuture<String> reply = new CompletableFuture<>();
    replies.put(id, reply);
    socket.sendText("42" + id + "[\"session:join\"," + arguments + "]", true).join();
    // Lost before this one was put down: nobody else will say so.
    if (closed.isDone()) {
      failReplies();
    }
    String answer = reply.get(PATIENCE_SECONDS, TimeUnit.SECONDS);
    if (!answer.contains("\"success\":true")) {
      throw new IllegalStateException("joining " + arguments + " was refused: " + answer);
    }
    return answer;
  }

  /** Takes nothing any more; what is sent to it waits wherever there is room. */
  void stopReading() {
    reading = false;
  }

  /** Takes what waited, and what comes. */
  void readOn() {
    reading = true;
    socket.request(1);
  }

  /** The code with which the server closed. */
  public CompletableFuture<Integer> closed() {
    return closed;
  }

  @Override
  public void onOpen(WebSocket opened) {
    opened.request(1);
  }

  @Override
  public @Nullable CompletionStage<?> onText(WebSocket from, CharSequence data, boolean last) {
    if (last && partial.isEmpty()) {
      packet(from, data.toString());
    } else {
      partial.append(data);
      if (last) {
        packet(from, partial.toString());
        partial.setLength(0);
      }
    }
    if (reading) {
      from.request(1);
    }
    return null;
  }

  private void packet(WebSocket from, String packet) {
    if (packet.startsWith("42")) {
      onEvent.accept(packet.substring(2));
    } else if (packet.equals("2")) {
      from.sendText("3", true);
    } else if (packet.startsWith("0")) {
      from.sendText("40", true);
    } else if (packet.startsWith("40")) {
      connected.complete(packet);
    } else if (packet.startsWith("43")) {
      int bracket = packet.indexOf('[');
      CompletableFuture<String> reply =
          replies.remove(Integer.parseInt(packet.substring(2, bracket)));
      if (reply != null) {
        reply.complete(packet.substring(bracket));
      }
    } else if (packet.startsWith("44")) {
      connected.completeExceptionally(new IllegalStateException("refused: " + packet));
    }
  }

  @Override
  public @Nullable CompletionStage<?> onClose(WebSocket from, int code, String reason) {
    connected.completeExceptionally(new IllegalStateException("closed with " + code));
    closed.complete(code);
    failReplies();
    return null;
  }

  @Override
  public void onError(WebSocket from, Throwable error) {
    connected.completeExceptionally(error);
    closed.completeExceptionally(error);
    failReplies();
  }

  private void failReplies() {
    replies
        .values()
        .forEach(reply -> reply.completeExceptionally(new IllegalStateException("disconnected")));
  }

  @Override
  public void close() {
    socket.abort();
  }
}
