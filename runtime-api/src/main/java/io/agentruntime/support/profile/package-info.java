// SPDX-License-Identifier: MIT

/** Reads what a profile refers to from this server's own folders; the shapes are elsewhere. */
@NullMarked
package io.agentruntime.support.profile;

import org.jspecify.annotations.NullMarked;
