// SPDX-License-Identifier: MIT

/**
 * A driver for the real program of an architecture: it sets up folders that stand for a sandbox,
 * runs the program in them without a core, and records what it did; no fakes live here.
 */
@NullMarked
package io.agentruntime.testkit.program;

import org.jspecify.annotations.NullMarked;
