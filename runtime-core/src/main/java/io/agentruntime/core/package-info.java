// SPDX-License-Identifier: MIT

/** The entry point of the library. */
@NullMarked
package io.agentruntime.core;

import org.jspecify.annotations.NullMarked;
