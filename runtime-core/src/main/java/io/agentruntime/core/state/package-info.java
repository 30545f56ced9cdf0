// SPDX-License-Identifier: MIT

/**
 * One session's state: the fold of its log, the journal that appends to it, what the session's
 * parts share, and how work reaches the one thread that changes all this. Decides nothing.
 */
@NullMarked
package io.agentruntime.core.state;

import org.jspecify.annotations.NullMarked;
