// SPDX-License-Identifier: MIT

/**
 * The Agent Client Protocol as pure functions: JSON-RPC lines, the handshake, turns, permissions
 * and updates. What a program adds to the protocol lives with that program's architecture.
 */
@NullMarked
package io.agentruntime.architecture.support.acp;

import org.jspecify.annotations.NullMarked;
