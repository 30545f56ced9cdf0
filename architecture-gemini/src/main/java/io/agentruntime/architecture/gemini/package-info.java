// SPDX-License-Identifier: MIT

/**
 * The Gemini CLI program as an agent architecture: its set-up, command line, records and
 * transcript. The protocol it speaks is not here, only what it adds.
 */
@NullMarked
package io.agentruntime.architecture.gemini;

import org.jspecify.annotations.NullMarked;
