// SPDX-License-Identifier: MIT

/**
 * The OpenCode program as an agent architecture: its set-up, command line, protocol and transcript,
 * and the bridge that runs in the sandbox and turns the program's server into lines.
 */
@NullMarked
package io.agentruntime.architecture.opencode;

import org.jspecify.annotations.NullMarked;
