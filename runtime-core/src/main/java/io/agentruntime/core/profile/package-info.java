// SPDX-License-Identifier: MIT

/** Where agent profiles come from. */
@NullMarked
package io.agentruntime.core.profile;

import org.jspecify.annotations.NullMarked;
