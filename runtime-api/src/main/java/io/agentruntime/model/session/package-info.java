// SPDX-License-Identifier: MIT

/** A session's identity and stored record, and what its runtime state looks like from outside. */
@NullMarked
package io.agentruntime.model.session;

import org.jspecify.annotations.NullMarked;
