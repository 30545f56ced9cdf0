// SPDX-License-Identifier: MIT

/** The demo: one whole turn of a real agent, without a server, an account or a key. */
@NullMarked
package io.agentruntime.app.demo;

import org.jspecify.annotations.NullMarked;
