// SPDX-License-Identifier: MIT

/** The architecture for the Claude Code program. */
@NullMarked
package io.agentruntime.architecture.claude;

import org.jspecify.annotations.NullMarked;
