// SPDX-License-Identifier: MIT

/** How the server reads and writes JSON text; what it means is said elsewhere. */
@NullMarked
package io.agentruntime.app.json;

import org.jspecify.annotations.NullMarked;
