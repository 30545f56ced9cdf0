// SPDX-License-Identifier: MIT

/** The folded state of a session's blocks, and the fold itself. */
@NullMarked
package io.agentruntime.model.conversation;

import org.jspecify.annotations.NullMarked;
