// SPDX-License-Identifier: MIT

package io.agentruntime.spi.sandbox;

import java.util.List;

/**
 * The entries of a tree.
 *
 * @param files all but ignored entries, the root left out, in no particular order
 * @param truncated whether there are more than the request allowed
 */
public record FileListing(List<FileStat> files, boolean truncated) {
  /** Copies the list. */
  public FileListing {
    files = List.copyOf(files);
  }
}
