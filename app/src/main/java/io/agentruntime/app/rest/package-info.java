// SPDX-License-Identifier: MIT

/** The HTTP routes: thin controllers that read a request, ask the runtime, and show the answer. */
@NullMarked
package io.agentruntime.app.rest;

import org.jspecify.annotations.NullMarked;
