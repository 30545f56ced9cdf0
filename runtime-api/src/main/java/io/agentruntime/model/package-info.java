// SPDX-License-Identifier: MIT

/** The domain model's root; the concepts live in the packages below. */
@NullMarked
package io.agentruntime.model;

import org.jspecify.annotations.NullMarked;
