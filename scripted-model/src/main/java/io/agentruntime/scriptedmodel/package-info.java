// SPDX-License-Identifier: MIT

/**
 * The scripted model as a program and as a library: options, start and stop, what was asked of it.
 * How a script reads, what it answers and how a vendor's wire looks live in the packages below.
 */
@NullMarked
package io.agentruntime.scriptedmodel;

import org.jspecify.annotations.NullMarked;
