// SPDX-License-Identifier: MIT

/**
 * The contract suite of sandbox providers, and a sandbox provider without processes for tests of
 * what stands above it.
 */
@NullMarked
package io.agentruntime.testkit.sandbox;

import org.jspecify.annotations.NullMarked;
