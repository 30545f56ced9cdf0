// SPDX-License-Identifier: MIT

/**
 * The contract suite of agent architectures, players for recorded streams, and a scripted
 * architecture for tests that need an agent but no agent program.
 */
@NullMarked
package io.agentruntime.testkit.architecture;

import org.jspecify.annotations.NullMarked;
