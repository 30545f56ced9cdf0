// SPDX-License-Identifier: MIT

package io.agentruntime.spi.sandbox;

import java.io.IOException;
import java.io.InputStream;

/** Receives files that are read in bulk. */
@FunctionalInterface
public interface FileVisitor {
  /**
   * One file.
   *
   * @param path as it was asked for
   * @param size bytes
   * @param content valid during the call only
   */
  void file(String path, long size, InputStream content) throws IOException;
}
