// SPDX-License-Identifier: MIT

/**
 * The Anthropic Messages wire format: requests read, replies and failures written, whole or as an
 * event stream. What is said is decided elsewhere.
 */
@NullMarked
package io.agentruntime.scriptedmodel.anthropic;

import org.jspecify.annotations.NullMarked;
