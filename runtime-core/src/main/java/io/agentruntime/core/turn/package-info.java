// SPDX-License-Identifier: MIT

/** A turn's machinery: the agent process, its output as lines, its input by offset. */
@NullMarked
package io.agentruntime.core.turn;

import org.jspecify.annotations.NullMarked;
