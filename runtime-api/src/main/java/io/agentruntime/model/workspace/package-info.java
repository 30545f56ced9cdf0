// SPDX-License-Identifier: MIT

/** The file tree that an agent works on, as data. */
@NullMarked
package io.agentruntime.model.workspace;

import org.jspecify.annotations.NullMarked;
