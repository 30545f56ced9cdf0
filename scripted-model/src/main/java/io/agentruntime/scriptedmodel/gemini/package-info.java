// SPDX-License-Identifier: MIT

/**
 * The Gemini API's wire format: requests read, replies and failures written, whole or as an event
 * stream. What is said is decided elsewhere.
 */
@NullMarked
package io.agentruntime.scriptedmodel.gemini;

import org.jspecify.annotations.NullMarked;
