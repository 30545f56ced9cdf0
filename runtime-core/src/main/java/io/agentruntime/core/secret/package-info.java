// SPDX-License-Identifier: MIT

/** Keeps secret values out of everything that is stored, shown or logged. */
@NullMarked
package io.agentruntime.core.secret;

import org.jspecify.annotations.NullMarked;
