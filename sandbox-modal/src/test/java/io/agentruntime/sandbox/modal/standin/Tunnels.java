// SPDX-License-Identifier: MIT

package io.agentruntime.sandbox.modal.standin;

import io.agentruntime.sandbox.modal.wire.PortSpec;
import io.agentruntime.sandbox.modal.wire.TunnelData;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** Relays to ports of sandboxes, over TLS or plain. Thread-safe. */
final class Tunnels implements AutoCloseable {
  private static final int BACKLOG = 50;

  private final String host;
  private final Map<String, List<TunnelData>> bySandbox = new HashMap<>();
  private final List<ServerSocket> listeners = new ArrayList<>();

  Tunnels(String host) {
    this.host = host;
  }

  synchronized List<TunnelData> of(LocalSandbox sandbox) {
    return bySandbox.getOrDefault(sandbox.identity().id(), List.of());
  }

  /** Opens a relay for every port that was asked for. */
  synchronized void open(LocalSandbox sandbox) throws IOException {
    List<TunnelData> all = new ArrayList<>();
    for (PortSpec port : sandbox.identity().definition().getOpenPorts().getPortsList()) {
      var tunnel = TunnelData.newBuilder().setContainerPort(port.getPort());
      int secure = listen(sandbox, port.getPort(), true);
      tunnel.setHost(host).setPort(secure);
      if (port.getUnencrypted()) {
        tunnel.setUnencryptedHost(host).setUnencryptedPort(listen(sandbox, port.getPort(), false));
      }
      all.add(tunnel.build());
    }
    bySandbox.put(sandbox.identity().id(), all);
  }

  private int listen(LocalSandbox sandbox, int target, boolean secure) throws IOException {
    InetAddress address = InetAddress.getByName(host);
    ServerSocket listener =
        secure
            ? Certificate.get()
                .context()
                .getServerSocketFactory()
                .createServerSocket(0, BACKLOG, address)
            : new ServerSocket(0, BACKLOG, address);
    listeners.add(listener);
    sandbox.result().whenComplete((result, failure) -> close(listener));
    Thread.ofVirtual().name("tunnel-" + target).start(() -> accept(listener, target));
    return listener.getLocalPort();
  }

  private static void accept(ServerSocket listener, int target) {
    while (!listener.isClosed()) {
      try {
        Socket client = listener.accept();
        Thread.ofVirtual().name("tunnel-client").start(() -> relay(client, target));
      } catch (IOException e) {
        if (!listener.isClosed()) {
          throw new UncheckedIOException(e);
        }
      }
    }
  }

  private static void relay(Socket client, int target) {
    try (client;
        Socket program = new Socket(InetAddress.getLoopbackAddress(), target)) {
      Thread back = Thread.ofVirtual().start(() -> copy(program, client));
      copy(client, program);
      back.join();
    } catch (IOException e) {
      // Nobody listens in the sandbox, or a side has gone: the client sees a closed connection.
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private static void copy(Socket from, Socket to) {
    try {
      InputStream in = from.getInputStream();
      OutputStream out = to.getOutputStream();
      long unused = in.transferTo(out);
      to.shutdownOutput();
    } catch (IOException e) {
      close(from);
      close(to);
    }
  }

  private static void close(java.io.Closeable open) {
    try {
      open.close();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  @Override
  public synchronized void close() {
    listeners.forEach(Tunnels::close);
  }
}
