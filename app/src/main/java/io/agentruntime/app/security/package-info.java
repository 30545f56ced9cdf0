// SPDX-License-Identifier: MIT

/** Who may ask: the API key, limits per client, origins, and what every reply carries. */
@NullMarked
package io.agentruntime.app.security;

import org.jspecify.annotations.NullMarked;
