// SPDX-License-Identifier: MIT

package io.agentruntime.sandbox.docker;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.StandardProtocolFamily;
import java.net.URI;
import java.net.UnixDomainSocketAddress;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.nio.file.Path;

/** A Unix socket on which a test plays the engine, one connection after the other. */
final class FakeEngine implements AutoCloseable {
  private final ServerSocketChannel server;
  private final EngineAddress address;

  FakeEngine(Path folder) throws IOException {
    Path socket = folder.resolve("engine.sock");
    server = ServerSocketChannel.open(StandardProtocolFamily.UNIX);
    server.bind(UnixDomainSocketAddress.of(socket));
    address = new EngineAddress(URI.create("unix://" + socket));
  }

  EngineAddress address() {
    return address;
  }

  /** Plays the next connection on a thread of its own; the connection is closed afterwards. */
  void next(Play play) {
    Thread.ofVirtual()
        .start(
            () -> {
              try (SocketChannel channel = server.accept()) {
                play.with(channel);
              } catch (IOException e) {
                // Closed before anybody came: the test is over.
                if (server.isOpen()) {
                  throw new UncheckedIOException(e);
                }
              }
            });
  }

  @Override
  public void close() throws IOException {
    server.close();
  }

  /** What the engine does with a connection. */
  @FunctionalInterface
  interface Play {
    void with(SocketChannel channel) throws IOException;
  }
}
