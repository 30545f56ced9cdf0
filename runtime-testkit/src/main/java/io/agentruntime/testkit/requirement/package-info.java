// SPDX-License-Identifier: MIT

/**
 * What a test needs of the machine it runs on, and what happens where that is missing; nothing here
 * knows what is tested.
 */
@NullMarked
package io.agentruntime.testkit.requirement;

import org.jspecify.annotations.NullMarked;
