// SPDX-License-Identifier: MIT

/**
 * Turns: the queue of messages, one turn at a time from its start to its end, interrupts and
 * deadlines; and what a turn runs on: the dialogue with the agent's process, its output as lines,
 * its input by offset.
 */
@NullMarked
package io.agentruntime.core.turn;

import org.jspecify.annotations.NullMarked;
