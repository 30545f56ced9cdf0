// SPDX-License-Identifier: MIT

/**
 * Sandboxes as the core uses them: selection, preparation, one-off commands, reaping of orphans.
 */
@NullMarked
package io.agentruntime.core.sandbox;

import org.jspecify.annotations.NullMarked;
