// SPDX-License-Identifier: MIT

/**
 * Socket.IO 5 on top of Engine.IO connections: namespaces, sockets, rooms, events and
 * acknowledgements; what the events mean is up to a handler.
 */
@NullMarked
package io.agentruntime.app.gateway.socketio;

import org.jspecify.annotations.NullMarked;
