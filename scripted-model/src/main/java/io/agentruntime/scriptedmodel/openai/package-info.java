// SPDX-License-Identifier: MIT

/**
 * The OpenAI chat completions wire format, with the tools of OpenCode: requests read, replies and
 * failures written, whole or as an event stream. What is said is decided elsewhere.
 */
@NullMarked
package io.agentruntime.scriptedmodel.openai;

import org.jspecify.annotations.NullMarked;
