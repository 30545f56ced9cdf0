// SPDX-License-Identifier: MIT

/**
 * The scenario language: tags in a prompt, or JSON, read into steps. Nothing here knows a wire
 * format, an agent program's tool names or how far a conversation has come.
 */
@NullMarked
package io.agentruntime.scriptedmodel.script;

import org.jspecify.annotations.NullMarked;
