// SPDX-License-Identifier: MIT

/**
 * What can go wrong, as values: codes, kinds and the one exception; no mapping to HTTP or sockets.
 */
@NullMarked
package io.agentruntime.error;

import org.jspecify.annotations.NullMarked;
