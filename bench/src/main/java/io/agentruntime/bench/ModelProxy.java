// SPDX-License-Identifier: MIT

package io.agentruntime.bench;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Stands between the agent program and the scripted model and notes when each numbered piece of a
 * text passes. It listens on all addresses, as sandboxes have to reach it. Thread-safe.
 */
final class ModelProxy implements AutoCloseable {
  private static final Pattern PIECE = Pattern.compile("chunk (\\d+) of");

  private final int modelPort;
  private final ServerSocket listener = new ServerSocket(0);
  private final Map<Integer, Long> passed = new ConcurrentHashMap<>();

  /** Begins to pass on to the model on this host's loopback address. */
  ModelProxy(int modelPort) throws IOException {
    this.modelPort = modelPort;
    Thread.ofVirtual().name("proxy").start(this::serve);
  }

  int port() {
    return listener.getLocalPort();
  }

  /** Forgets what passed. */
  void clear() {
    passed.clear();
  }

  /** Adds what it took from here for each piece in a text, in milliseconds. */
  void addLatencies(String text, Figures millis) {
    long now = System.nanoTime();
    Matcher piece = PIECE.matcher(text);
    while (piece.find()) {
      Long at = passed.get(Integer.parseInt(piece.group(1)));
      if (at != null) {
        millis.add((now - at) / 1e6);
      }
    }
  }

  private void serve() {
    while (!listener.isClosed()) {
      try {
        Socket client = listener.accept();
        Socket model = new Socket(InetAddress.getLoopbackAddress(), modelPort);
        client.setTcpNoDelay(true);
        model.setTcpNoDelay(true);
        Thread.ofVirtual().start(() -> copy(client, model, false));
        Thread.ofVirtual().start(() -> copy(model, client, true));
      } catch (IOException e) {
        if (!listener.isClosed()) {
          throw new java.io.UncheckedIOException(e);
        }
      }
    }
  }

  private void copy(Socket from, Socket to, boolean watched) {
    byte[] buffer = new byte[16 << 10];
    try (from;
        to) {
      InputStream in = from.getInputStream();
      OutputStream out = to.getOutputStream();
      for (int n = in.read(buffer); n >= 0; n = in.read(buffer)) {
        if (watched) {
          note(new String(buffer, 0, n, StandardCharsets.UTF_8));
        }
        out.write(buffer, 0, n);
        out.flush();
      }
    } catch (IOException e) {
      // Either side may hang up at any time; closing both is all there is to do.
      return;
    }
  }

  private void note(String bytes) {
    long now = System.nanoTime();
    Matcher piece = PIECE.matcher(bytes);
    while (piece.find()) {
      passed.putIfAbsent(Integer.parseInt(piece.group(1)), now);
    }
  }

  @Override
  public void close() throws IOException {
    listener.close();
  }
}
