// SPDX-License-Identifier: MIT

package io.agentruntime.model.workspace;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;

/**
 * Bytes of known length that can be read, possibly several times.
 *
 * <p>Implementations must be safe to open from any thread; who opens a stream closes it.
 */
public interface Content {
  /** How many bytes there are. */
  long size();

  /** Opens the bytes from the beginning. */
  InputStream open() throws IOException;

  /** A content held in memory; the array must not be changed afterwards. */
  static Content of(byte[] bytes) {
    return new Content() {
      @Override
      public long size() {
        return bytes.length;
      }

      @Override
      public InputStream open() {
        return new ByteArrayInputStream(bytes);
      }
    };
  }

  /** A text in UTF-8. */
  static Content of(String text) {
    return of(text.getBytes(StandardCharsets.UTF_8));
  }

  /** All bytes in memory; only for contents known to be small. */
  default byte[] readAll() throws IOException {
    try (InputStream in = open()) {
      return in.readAllBytes();
    }
  }
}
