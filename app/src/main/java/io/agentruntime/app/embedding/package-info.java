// SPDX-License-Identifier: MIT

/**
 * Whether these routes are a whole server or part of somebody else's, and which requests are
 * theirs. Who makes the beans is in {@code wiring}.
 */
@NullMarked
package io.agentruntime.app.embedding;

import org.jspecify.annotations.NullMarked;
