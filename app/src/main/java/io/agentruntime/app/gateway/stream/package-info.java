// SPDX-License-Identifier: MIT

/**
 * One session's log as a stream, for programs that speak neither of the dialects: server-sent
 * events and plain WebSocket. Each stream is a cursor on the log and a thread; the dialects' rooms
 * are elsewhere.
 */
@NullMarked
package io.agentruntime.app.gateway.stream;

import org.jspecify.annotations.NullMarked;
