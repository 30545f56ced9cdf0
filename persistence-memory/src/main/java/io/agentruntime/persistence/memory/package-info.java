// SPDX-License-Identifier: MIT

/**
 * The reference persistence provider, id {@code memory}: everything in this process's memory, for
 * tests, demos and the first minute; nothing survives the process.
 */
@NullMarked
package io.agentruntime.persistence.memory;

import org.jspecify.annotations.NullMarked;
