// SPDX-License-Identifier: MIT

package io.agentruntime.app.gateway.engine;

/** Takes new connections. Thread-safe. */
@FunctionalInterface
public interface EngineHandler {
  /**
   * Takes a connection.
   *
   * <p>Called on the thread of the transport: must not block, and may send at once.
   *
   * @return what gets this connection's messages
   */
  EngineListener open(EngineConnection connection);
}
