// SPDX-License-Identifier: MIT

package io.agentruntime.spi.sandbox;

import org.jspecify.annotations.Nullable;

/**
 * Limits of a sandbox; null means the provider's configured default.
 *
 * @param memoryBytes memory, spool included
 * @param cpus processors, fractions allowed
 * @param maxProcesses processes and threads
 */
public record SandboxResources(
    @Nullable Long memoryBytes, @Nullable Double cpus, @Nullable Integer maxProcesses) {
  /** The provider's defaults. */
  public static final SandboxResources DEFAULT = new SandboxResources(null, null, null);
}
