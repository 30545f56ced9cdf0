// SPDX-License-Identifier: MIT

package io.agentruntime.sandbox.docker;

import io.agentruntime.error.AgentRuntimeException;
import io.agentruntime.error.StandardError;
import java.io.Closeable;
import java.io.IOException;
import java.time.Duration;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/** Opens connections to one engine and ends them all when it is closed. Thread-safe. */
final class EngineConnections implements AutoCloseable {
  private final EngineAddress address;
  private final Duration connectTimeout;
  private final Watchdog watchdog = new Watchdog();
  private final Set<EngineConnection> open = ConcurrentHashMap.newKeySet();
  private volatile boolean closed;

  EngineConnections(EngineAddress address, Duration connectTimeout) {
    this.address = address;
    this.connectTimeout = connectTimeout;
  }

  EngineAddress address() {
    return address;
  }

  boolean isClosed() {
    return closed;
  }

  /** How many connections are open at present. */
  int count() {
    return open.size();
  }

  /**
   * Connects.
   *
   * @param timeout how long each later read or write may block
   */
  EngineConnection open(Duration timeout) throws IOException {
    requireOpen();
    EngineConnection connection =
        EngineConnection.open(address, watchdog, connectTimeout, open::remove);
    connection.timeout(timeout);
    open.add(connection);
    if (closed) {
      connection.close();
    }
    if (!connection.isOpen()) {
      open.remove(connection);
      requireOpen();
    }
    return connection;
  }

  /** Closes something after a while, unless that is called off by closing the result. */
  Watchdog.Limit closeLater(Closeable target, Duration time) throws IOException {
    return watchdog.limit(target, time);
  }

  private void requireOpen() {
    if (closed) {
      throw new AgentRuntimeException(StandardError.CLOSED, "the Docker provider was closed");
    }
  }

  @Override
  public void close() {
    closed = true;
    open.forEach(EngineConnection::close);
    watchdog.close();
  }
}
