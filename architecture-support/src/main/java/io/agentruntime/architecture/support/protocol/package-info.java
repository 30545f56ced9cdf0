// SPDX-License-Identifier: MIT

/** What the steps of a protocol are made of: events, lines and ids. No protocol of a program. */
@NullMarked
package io.agentruntime.architecture.support.protocol;

import org.jspecify.annotations.NullMarked;
