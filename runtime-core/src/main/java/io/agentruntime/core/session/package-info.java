// SPDX-License-Identifier: MIT

/**
 * Sessions: their directory, the handle that callers use, and the actor that owns each one's state.
 */
@NullMarked
package io.agentruntime.core.session;

import org.jspecify.annotations.NullMarked;
