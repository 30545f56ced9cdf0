// SPDX-License-Identifier: MIT

/**
 * What all wire formats have in common: how a request reaches one, and the record of what was
 * asked.
 */
@NullMarked
package io.agentruntime.scriptedmodel.wire;

import org.jspecify.annotations.NullMarked;
