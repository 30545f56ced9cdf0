// SPDX-License-Identifier: MIT

/** Parts that implementors of an SPI may use or leave; nothing in the SPIs depends on them. */
@NullMarked
package io.agentruntime.support;

import org.jspecify.annotations.NullMarked;
