// SPDX-License-Identifier: MIT

/**
 * Sandboxes as the core uses them: selection, preparation, a session's lease on its sandbox with
 * health and syncs, taking one over, one-off commands, reaping of orphans.
 */
@NullMarked
package io.agentruntime.core.sandbox;

import org.jspecify.annotations.NullMarked;
