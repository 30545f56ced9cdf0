// SPDX-License-Identifier: MIT

package io.agentruntime.app.gateway.engine;

/**
 * Gets the messages of one connection, in order, one at a time, on virtual threads: may block. What
 * it throws is logged and ends the connection.
 */
public interface EngineListener {
  /** A text message. */
  void onText(String message);

  /** A binary message, in an array of its own. */
  void onBinary(byte[] message);

  /** The end: called once, last. */
  void onClose(DisconnectReason reason);
}
