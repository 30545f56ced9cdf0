// SPDX-License-Identifier: MIT

package io.agentruntime.app.gateway.engine;

import io.agentruntime.app.gateway.protocol.EncodedPacket;
import org.jspecify.annotations.Nullable;

/** Where a {@link WebSocketLink} takes its packets from. Thread-safe; nothing here blocks. */
interface OutboundSource {
  /** The next packet; null if there is none now, after which the link waits to be woken. */
  @Nullable EncodedPacket next();
}
