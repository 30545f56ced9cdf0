// SPDX-License-Identifier: MIT

/**
 * The framing of Engine.IO 4 and Socket.IO 5 as pure functions on text and bytes; no sockets, no
 * threads, no state but that of one half-received packet.
 */
@NullMarked
package io.agentruntime.app.gateway.protocol;

import org.jspecify.annotations.NullMarked;
