// SPDX-License-Identifier: MIT

/** Programs that measure the running server; what each asks and found stands in the README. */
@NullMarked
package io.agentruntime.bench;

import org.jspecify.annotations.NullMarked;
