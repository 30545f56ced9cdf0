// SPDX-License-Identifier: MIT

/**
 * Sessions as sockets see them: who may follow what, from where on, in which dialect. Framing and
 * transports live below.
 */
@NullMarked
package io.agentruntime.app.gateway;

import org.jspecify.annotations.NullMarked;
