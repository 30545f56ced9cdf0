// SPDX-License-Identifier: MIT

/** Reading and writing the JSON of programs. What the fields mean is their architecture's. */
@NullMarked
package io.agentruntime.architecture.support.json;

import org.jspecify.annotations.NullMarked;
