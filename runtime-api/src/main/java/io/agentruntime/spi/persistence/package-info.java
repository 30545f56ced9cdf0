// SPDX-License-Identifier: MIT

/** The persistence SPI: the nine basic operations and the roles that an adapter may add. */
@NullMarked
package io.agentruntime.spi.persistence;

import org.jspecify.annotations.NullMarked;
