// SPDX-License-Identifier: MIT

package io.agentruntime.app.gateway.stream;

import io.agentruntime.app.TestServer;
import io.agentruntime.app.gateway.Await;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.WebSocket;
import java.nio.ByteBuffer;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.LinkedBlockingQueue;
import org.jspecify.annotations.Nullable;

/** The JDK's WebSocket. */
final class SocketStreamClient extends StreamClient implements WebSocket.Listener {
  private final HttpClient client = HttpClient.newHttpClient();
  private final StringBuilder partial = new StringBuilder();
  private final CompletableFuture<Integer> closeCode = new CompletableFuture<>();
  private final LinkedBlockingQueue<Boolean> pings = new LinkedBlockingQueue<>();
  private final WebSocket socket;

  private SocketStreamClient(String url, String... headers) throws InterruptedException {
    WebSocket.Builder builder = client.newWebSocketBuilder();
    for (int i = 0; i < headers.length; i += 2) {
      builder.header(headers[i], headers[i + 1]);
    }
    socket = Await.result(builder.buildAsync(URI.create(url), this), "the WebSocket opens");
  }

  /** Opens a stream with the key, after an event. */
  static SocketStreamClient after(TestServer server, String session, long seq)
      throws InterruptedException {
    return open(
        server,
        "/sessions/" + session + "/ws?after=" + seq,
        "Authorization",
        "Bearer " + TestServer.KEY);
  }

  /** Opens a stream exactly so. */
  static SocketStreamClient open(TestServer server, String path, String... headers)
      throws InterruptedException {
    return new SocketStreamClient("ws://127.0.0.1:" + server.port() + path, headers);
  }

  void say(String text) throws InterruptedException {
    Await.result(socket.sendText(text, true), "the text is sent");
  }

  int closeCode() throws InterruptedException {
    return Await.result(closeCode, "the close frame");
  }

  LinkedBlockingQueue<Boolean> pings() {
    return pings;
  }

  @Override
  public @Nullable CompletionStage<?> onText(WebSocket from, CharSequence data, boolean last) {
    partial.append(data);
    if (last) {
      came(partial.toString());
      partial.setLength(0);
    }
    from.request(1);
    return null;
  }

  @Override
  public @Nullable CompletionStage<?> onPing(WebSocket from, ByteBuffer message) {
    pings.add(true);
    from.request(1);
    return null;
  }

  @Override
  public @Nullable CompletionStage<?> onClose(WebSocket from, int code, String reason) {
    closeCode.complete(code);
    ended();
    return null;
  }

  @Override
  public void onError(WebSocket from, Throwable error) {
    closeCode.completeExceptionally(error);
    ended();
  }

  @Override
  public void close() {
    socket.abort();
    client.shutdownNow();
  }
}
