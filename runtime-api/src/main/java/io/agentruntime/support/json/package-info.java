// SPDX-License-Identifier: MIT

/**
 * The stored form of the model as JSON-like maps, for stores and for files of profiles: maps in,
 * maps out, no JSON library and no wire dialect.
 */
@NullMarked
package io.agentruntime.support.json;

import org.jspecify.annotations.NullMarked;
