// SPDX-License-Identifier: MIT

package io.agentruntime.spi.sandbox;

/** How a sandbox may reach the network. */
public enum NetworkMode {
  /** As the provider is configured. */
  DEFAULT,
  /** No network but loopback. */
  NONE
}
