// SPDX-License-Identifier: MIT

/**
 * Kills servers and looks for what is lost: the world that a server runs in, its clients, and the
 * checker of their histories. What dies in the server is in {@code mortal}.
 */
@NullMarked
package io.agentruntime.bench.crash;

import org.jspecify.annotations.NullMarked;
