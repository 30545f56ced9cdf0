// SPDX-License-Identifier: MIT

/** What makes a server mortal: providers that wrap real ones and end their process at a call. */
@NullMarked
package io.agentruntime.bench.crash.mortal;

import org.jspecify.annotations.NullMarked;
