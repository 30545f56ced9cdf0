// SPDX-License-Identifier: MIT

/**
 * Files and processes of a sandbox in which programs can be run, as far as they are the same
 * whatever runs the programs; how a program gets there, and what a failure means, is the provider's
 * own ({@link io.agentruntime.sandbox.support.ExecChannel}).
 *
 * <p>Shared by the providers of this project, and no part of what a release promises: it may change
 * with any version.
 */
@NullMarked
package io.agentruntime.sandbox.support;

import org.jspecify.annotations.NullMarked;
