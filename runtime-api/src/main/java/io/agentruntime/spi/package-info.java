// SPDX-License-Identifier: MIT

/** What all providers have in common; the three SPIs are in the packages below. */
@NullMarked
package io.agentruntime.spi;

import org.jspecify.annotations.NullMarked;
