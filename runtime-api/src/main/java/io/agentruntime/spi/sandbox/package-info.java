// SPDX-License-Identifier: MIT

/**
 * The sandbox SPI: isolated machines, processes in them that can be found again, and their files.
 */
@NullMarked
package io.agentruntime.spi.sandbox;

import org.jspecify.annotations.NullMarked;
