// SPDX-License-Identifier: MIT

package io.agentruntime.app.gateway.engine;

import io.agentruntime.app.gateway.protocol.EncodedPacket;

/**
 * The sending side of one WebSocket. Thread-safe; nothing here blocks.
 *
 * <p>A link that was {@linkplain #start started} takes packets from its source whenever the peer's
 * channel has room.
 */
interface WebSocketLink {
  /** Sends one packet, past the source. */
  void write(EncodedPacket packet);

  /** Begins to take packets from the source. */
  void start(OutboundSource source);

  /** Says that the source may have packets. */
  void wake();

  /** Says good-bye as far as the peer still listens, and closes. Idempotent. */
  void close(DisconnectReason reason);
}
