// SPDX-License-Identifier: MIT

/** A session's transcript and workspace in the store, through whichever roles the adapter has. */
@NullMarked
package io.agentruntime.core.store;

import org.jspecify.annotations.NullMarked;
