// SPDX-License-Identifier: MIT

package io.agentruntime.app.gateway;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.WebSocket;
import java.nio.ByteBuffer;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.LinkedBlockingQueue;
import org.jspecify.annotations.Nullable;

/** The WebSocket transport, spoken by hand. */
public final class RawSocket implements WebSocket.Listener, AutoCloseable {
  /** What every client says that begins with a WebSocket. */
  public static final String WEBSOCKET = "EIO=4&transport=websocket";

  private static final String PING = "2";
  private static final String PONG = "3";

  private final HttpClient client = HttpClient.newHttpClient();
  private final BlockingQueue<String> texts = new LinkedBlockingQueue<>();
  private final BlockingQueue<byte[]> pongs = new LinkedBlockingQueue<>();
  private final BlockingQueue<byte[]> messages = new LinkedBlockingQueue<>();
  private final ByteArrayOutputStream partialBytes = new ByteArrayOutputStream();
  private final CompletableFuture<Integer> closed = new CompletableFuture<>();
  private final StringBuilder partial = new StringBuilder();
  private final WebSocket socket;
  private boolean answeringPings;

  private RawSocket(String url, String... headers) throws InterruptedException {
    WebSocket.Builder builder = client.newWebSocketBuilder();
    for (int i = 0; i < headers.length; i += 2) {
      builder.header(headers[i], headers[i + 1]);
    }
    socket = Await.result(builder.buildAsync(URI.create(url), this), "the WebSocket opens");
  }

  /** Opens a session and reads the handshake. */
  public static RawSocket open(GatewayServer server, String... headers)
      throws InterruptedException {
    RawSocket opened = raw(server, WEBSOCKET, headers);
    String handshake = opened.next();
    if (!handshake.startsWith("0{")) {
      throw new AssertionError("No handshake: " + handshake);
    }
    return opened;
  }

  /** Opens a session and joins the main namespace; has read everything the echo server says. */
  public static RawSocket join(GatewayServer server) throws InterruptedException {
    RawSocket joined = open(server);
    joined.send("40");
    for (String expected : new String[] {"40{", "42[\"auth\""}) {
      String packet = joined.nextPacket();
      if (!packet.startsWith(expected)) {
        throw new AssertionError("Not " + expected + " but " + packet);
      }
    }
    return joined;
  }

  /** Opens whatever the query says. */
  public static RawSocket raw(GatewayServer server, String query, String... headers)
      throws InterruptedException {
    return at(server.port(), query, headers);
  }

  /** Opens whatever the query says, at that port. */
  public static RawSocket at(int port, String query, String... headers)
      throws InterruptedException {
    return new RawSocket("ws://127.0.0.1:" + port + "/socket.io/?" + query, headers);
  }

  /** The next text that comes. */
  public String next() throws InterruptedException {
    return Await.next(texts, "a text comes");
  }

  /** The next text that is no ping; pings are answered. */
  public String nextPacket() throws InterruptedException {
    String text = next();
    while (text.equals(PING)) {
      send(PONG);
      text = next();
    }
    return text;
  }

  /** The next bytes that come. */
  public byte[] nextBytes() throws InterruptedException {
    return Await.next(messages, "bytes come");
  }

  /** From now on pings are answered and not seen. */
  public void answerPings() throws InterruptedException {
    boolean pinged;
    synchronized (texts) {
      answeringPings = true;
      pinged = texts.remove(PING);
    }
    if (pinged) {
      send(PONG);
    }
  }

  /** Sends a text. */
  public void send(String text) throws InterruptedException {
    Await.result(socket.sendText(text, true), "the text is sent");
  }

  /** Sends a text that often, unless the other side closes before. */
  public void sendUntilClosed(String text, int most) throws InterruptedException {
    try {
      for (int i = 0; i < most && !closed.isDone(); i++) {
        send(text);
      }
    } catch (CompletionException e) {
      if (!(e.getCause() instanceof IOException)) {
        throw e;
      }
    }
  }

  /** Sends a part of a text. */
  public void sendPart(String text, boolean last) throws InterruptedException {
    Await.result(socket.sendText(text, last), "the part is sent");
  }

  /** Sends bytes. */
  public void send(byte[] bytes) throws InterruptedException {
    Await.result(socket.sendBinary(ByteBuffer.wrap(bytes), true), "the bytes are sent");
  }

  /** A ping of the WebSocket protocol itself, and the bytes that come back. */
  public byte[] ping(byte[] bytes) throws InterruptedException {
    Await.result(socket.sendPing(ByteBuffer.wrap(bytes)), "the ping is sent");
    return Await.next(pongs, "a pong comes");
  }

  /** Closes as the WebSocket protocol has it; the code that comes back. */
  public int sendClose() throws InterruptedException {
    Await.result(socket.sendClose(WebSocket.NORMAL_CLOSURE, "bye"), "the close is sent");
    return closeCode();
  }

  /** The code with which the other side closes. */
  public int closeCode() throws InterruptedException {
    return Await.result(closed, "the WebSocket closes");
  }

  @Override
  public @Nullable CompletionStage<?> onText(WebSocket webSocket, CharSequence data, boolean last) {
    partial.append(data);
    if (last) {
      String text = partial.toString();
      partial.setLength(0);
      synchronized (texts) {
        if (answeringPings && text.equals(PING)) {
          return webSocket.sendText(PONG, true).thenRun(() -> webSocket.request(1));
        }
        texts.add(text);
      }
    }
    webSocket.request(1);
    return null;
  }

  @Override
  public @Nullable CompletionStage<?> onBinary(WebSocket webSocket, ByteBuffer data, boolean last) {
    byte[] part = new byte[data.remaining()];
    data.get(part);
    partialBytes.writeBytes(part);
    if (last) {
      messages.add(partialBytes.toByteArray());
      partialBytes.reset();
    }
    webSocket.request(1);
    return null;
  }

  @Override
  public @Nullable CompletionStage<?> onPong(WebSocket webSocket, ByteBuffer message) {
    byte[] pong = new byte[message.remaining()];
    message.get(pong);
    pongs.add(pong);
    webSocket.request(1);
    return null;
  }

  @Override
  public @Nullable CompletionStage<?> onClose(WebSocket webSocket, int code, String reason) {
    closed.complete(code);
    return null;
  }

  @Override
  public void onError(WebSocket webSocket, Throwable error) {
    closed.complete(-1);
  }

  @Override
  public void close() {
    socket.abort();
    client.shutdownNow();
  }
}
