// SPDX-License-Identifier: MIT

/** What of a sandbox's file tree is kept: change detection, limits, storage and restoring. */
@NullMarked
package io.agentruntime.core.workspace;

import org.jspecify.annotations.NullMarked;
