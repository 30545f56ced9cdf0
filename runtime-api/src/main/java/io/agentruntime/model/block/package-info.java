// SPDX-License-Identifier: MIT

/** The immutable pieces of a conversation. */
@NullMarked
package io.agentruntime.model.block;

import org.jspecify.annotations.NullMarked;
