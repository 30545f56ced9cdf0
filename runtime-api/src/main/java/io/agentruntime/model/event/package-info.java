// SPDX-License-Identifier: MIT

/** What the log records: the sealed events, their envelope, and what an architecture may emit. */
@NullMarked
package io.agentruntime.model.event;

import org.jspecify.annotations.NullMarked;
