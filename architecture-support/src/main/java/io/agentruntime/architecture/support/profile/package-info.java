// SPDX-License-Identifier: MIT

/** Writing a profile down as files that programs read. What each program calls them is its own. */
@NullMarked
package io.agentruntime.architecture.support.profile;

import org.jspecify.annotations.NullMarked;
