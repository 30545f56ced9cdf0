// SPDX-License-Identifier: MIT

package io.agentruntime.core.workspace;

import java.util.Set;

/**
 * What of a workspace is kept. What is left out is reported as an event.
 *
 * @param ignoredNames file or directory names that are neither reported nor kept, at any depth
 * @param maxFiles how many entries at most
 * @param maxFileBytes how large a file may be
 * @param maxTotalBytes how large all files together may be
 */
public record WorkspaceLimits(
    Set<String> ignoredNames, int maxFiles, long maxFileBytes, long maxTotalBytes) {
  /** 20,000 entries, 64 MiB a file, 1 GiB in all; what package managers and git can make again. */
  public static final WorkspaceLimits DEFAULT =
      new WorkspaceLimits(
          Set.of("node_modules", ".git", "__pycache__", ".venv", ".cache"),
          20_000,
          64L << 20,
          1L << 30);

  /** Copies the set. */
  public WorkspaceLimits {
    ignoredNames = Set.copyOf(ignoredNames);
  }
}
