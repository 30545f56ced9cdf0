// SPDX-License-Identifier: MIT

/**
 * The architecture SPI: an agent program's set-up, command line, protocol and transcript, as pure
 * functions.
 */
@NullMarked
package io.agentruntime.spi.architecture;

import org.jspecify.annotations.NullMarked;
