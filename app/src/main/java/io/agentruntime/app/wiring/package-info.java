// SPDX-License-Identifier: MIT

/** Puts the server together: configuration to beans, start and stop. */
@NullMarked
package io.agentruntime.app.wiring;

import org.jspecify.annotations.NullMarked;
