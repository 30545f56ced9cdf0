// SPDX-License-Identifier: MIT

/** One prompt and all it causes: ids, content, outcome and usage. */
@NullMarked
package io.agentruntime.model.turn;

import org.jspecify.annotations.NullMarked;
