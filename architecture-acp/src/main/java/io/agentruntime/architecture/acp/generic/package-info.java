// SPDX-License-Identifier: MIT

/**
 * The architecture of any program that speaks the Agent Client Protocol, described by configuration
 * alone. The protocol itself is in the package above.
 */
@NullMarked
package io.agentruntime.architecture.acp.generic;

import org.jspecify.annotations.NullMarked;
