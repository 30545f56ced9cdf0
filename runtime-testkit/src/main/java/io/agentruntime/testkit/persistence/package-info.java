// SPDX-License-Identifier: MIT

/**
 * The contract suite of the persistence SPI, one class per role, and the fakes of a store: one with
 * the nine basic operations only, one that fails on command.
 */
@NullMarked
package io.agentruntime.testkit.persistence;

import org.jspecify.annotations.NullMarked;
