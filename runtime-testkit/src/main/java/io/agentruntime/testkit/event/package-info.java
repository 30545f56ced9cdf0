// SPDX-License-Identifier: MIT

/** Samples of events for tests; no tests themselves. */
@NullMarked
package io.agentruntime.testkit.event;

import org.jspecify.annotations.NullMarked;
