// SPDX-License-Identifier: MIT

/**
 * Sessions: their directory, the handle that callers use, and the actor that owns each one's state,
 * from loading to leaving. What happens within one turn is in {@code turn}.
 */
@NullMarked
package io.agentruntime.core.session;

import org.jspecify.annotations.NullMarked;
