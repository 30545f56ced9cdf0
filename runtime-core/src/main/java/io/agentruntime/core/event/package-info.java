// SPDX-License-Identifier: MIT

/** The event log: numbering, group commit, publication, and feeds that replay and then follow. */
@NullMarked
package io.agentruntime.core.event;

import org.jspecify.annotations.NullMarked;
