// SPDX-License-Identifier: MIT

package io.agentruntime.spi.sandbox;

import java.util.Set;

/**
 * Which tree to list.
 *
 * @param root absolute; a root that does not exist has no entries
 * @param ignoredNames directory or file names that are neither listed nor entered, at any depth
 * @param maxEntries how many entries at most
 */
public record ListRequest(String root, Set<String> ignoredNames, int maxEntries) {
  /** Copies the set. */
  public ListRequest {
    ignoredNames = Set.copyOf(ignoredNames);
  }

  /** The whole tree. */
  public static ListRequest all(String root) {
    return new ListRequest(root, Set.of(), 100_000);
  }
}
