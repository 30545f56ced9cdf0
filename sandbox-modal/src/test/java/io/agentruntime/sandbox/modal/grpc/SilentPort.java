// SPDX-License-Identifier: MIT

package io.agentruntime.sandbox.modal.grpc;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;

/** A port of the loopback address that is taken, so that nobody else gets it, and refuses all. */
public final class SilentPort implements AutoCloseable {
  private final Socket taken = new Socket();

  /** Takes it. */
  public SilentPort() throws IOException {
    taken.bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0));
  }

  /** Its number. */
  public int number() {
    return taken.getLocalPort();
  }

  @Override
  public void close() throws IOException {
    taken.close();
  }
}
