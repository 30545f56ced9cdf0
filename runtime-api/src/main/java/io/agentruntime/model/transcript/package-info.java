// SPDX-License-Identifier: MIT

/** The agent's own record of a session: opaque text, kept verbatim. */
@NullMarked
package io.agentruntime.model.transcript;

import org.jspecify.annotations.NullMarked;
