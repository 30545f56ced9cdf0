// SPDX-License-Identifier: MIT

/**
 * What the server can be told: where settings come from, their names, and the records they become.
 * No wiring.
 */
@NullMarked
package io.agentruntime.app.config;

import org.jspecify.annotations.NullMarked;
