// SPDX-License-Identifier: MIT

/**
 * The architecture of any program that speaks the Agent Client Protocol, described by configuration
 * alone. The protocol itself is in {@code architecture-support}.
 */
@NullMarked
package io.agentruntime.architecture.acp;

import org.jspecify.annotations.NullMarked;
