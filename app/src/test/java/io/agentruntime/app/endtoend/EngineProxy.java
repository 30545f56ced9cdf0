// SPDX-License-Identifier: MIT

package io.agentruntime.app.endtoend;

import io.agentruntime.testkit.requirement.TestMachine;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.net.StandardProtocolFamily;
import java.net.URI;
import java.net.UnixDomainSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.ClosedChannelException;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/**
 * A Docker engine of the test's own, as far as a server can tell: it is this machine's engine
 * behind a socket that the test may take away. Thread-safe; the test closes it.
 */
final class EngineProxy implements AutoCloseable {
  private static final int BUFFER = 1 << 16;

  private final Path folder;
  private final Path socket;
  private final Set<SocketChannel> connections = ConcurrentHashMap.newKeySet();
  private volatile @Nullable ServerSocketChannel listener;

  /** Starts it. */
  EngineProxy() throws IOException {
    // Short, as the paths of sockets are limited.
    folder = Files.createTempDirectory("ar");
    socket = folder.resolve("docker.sock");
    comeBack();
  }

  String host() {
    return "unix://" + socket;
  }

  /** Goes away: no socket, and every connection is broken. */
  void goAway() throws IOException {
    ServerSocketChannel last = listener;
    listener = null;
    if (last != null) {
      last.close();
      Files.deleteIfExists(socket);
    }
    for (SocketChannel connection : connections) {
      connection.close();
    }
  }

  /** Is there again; harmless when it is. */
  void comeBack() throws IOException {
    if (listener != null) {
      return;
    }
    ServerSocketChannel next = ServerSocketChannel.open(StandardProtocolFamily.UNIX);
    next.bind(UnixDomainSocketAddress.of(socket));
    listener = next;
    Thread.ofVirtual().name("engine-proxy").start(() -> accept(next));
  }

  private void accept(ServerSocketChannel from) {
    try {
      while (true) {
        SocketChannel client = from.accept();
        SocketChannel engine = SocketChannel.open(address());
        connections.add(client);
        connections.add(engine);
        if (listener != from) {
          // It went away meanwhile, and did not see these two.
          goAway();
        }
        Thread.ofVirtual().start(() -> pump(client, engine));
        Thread.ofVirtual().start(() -> pump(engine, client));
      }
    } catch (ClosedChannelException e) {
      // It went away.
    } catch (IOException e) {
      throw new UncheckedIOException("the engine of this machine is gone", e);
    }
  }

  /** The end of one direction is passed on, as programs' standard input ends like that. */
  private void pump(SocketChannel from, SocketChannel to) {
    ByteBuffer buffer = ByteBuffer.allocate(BUFFER);
    try {
      while (from.read(buffer) >= 0) {
        buffer.flip();
        while (buffer.hasRemaining()) {
          to.write(buffer);
        }
        buffer.clear();
      }
      to.shutdownOutput();
    } catch (IOException e) {
      close(from);
      close(to);
    }
  }

  private void close(SocketChannel connection) {
    try {
      connections.remove(connection);
      connection.close();
    } catch (IOException e) {
      throw new UncheckedIOException("a socket cannot be closed", e);
    }
  }

  private static SocketAddress address() {
    URI engine = TestMachine.dockerHost();
    return "unix".equals(engine.getScheme())
        ? UnixDomainSocketAddress.of(engine.getPath())
        : new InetSocketAddress(engine.getHost(), engine.getPort());
  }

  @Override
  public void close() throws IOException {
    goAway();
    Files.deleteIfExists(folder);
  }
}
