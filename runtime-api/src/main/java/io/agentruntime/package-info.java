// SPDX-License-Identifier: MIT

/** Root of the API; holds nothing itself: see {@code model}, {@code error} and {@code spi}. */
@NullMarked
package io.agentruntime;

import org.jspecify.annotations.NullMarked;
