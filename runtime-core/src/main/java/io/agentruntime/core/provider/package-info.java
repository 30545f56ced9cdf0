// SPDX-License-Identifier: MIT

/**
 * Discovery of providers through ServiceLoader, checks of their ids, and what they are told at
 * open.
 */
@NullMarked
package io.agentruntime.core.provider;

import org.jspecify.annotations.NullMarked;
