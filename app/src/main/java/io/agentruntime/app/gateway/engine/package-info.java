// SPDX-License-Identifier: MIT

/**
 * Engine.IO 4 connections: handshake, polling, WebSocket, upgrade, heartbeats and bounded queues,
 * on the server's HTTP port; what the messages mean is not known here.
 */
@NullMarked
package io.agentruntime.app.gateway.engine;

import org.jspecify.annotations.NullMarked;
