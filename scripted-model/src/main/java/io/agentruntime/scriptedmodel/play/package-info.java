// SPDX-License-Identifier: MIT

/**
 * From a conversation, as one request shows it, to the next model message: where the script stands
 * and what it says now. Vendor-neutral; wire formats translate at both ends.
 */
@NullMarked
package io.agentruntime.scriptedmodel.play;

import org.jspecify.annotations.NullMarked;
