// SPDX-License-Identifier: MIT

package io.agentruntime.persistence.memory;

import java.io.ByteArrayInputStream;
import java.io.InputStream;
import java.io.SequenceInputStream;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;

/** Bytes that grow at their end without being copied. Guarded by its session. */
final class ByteRope {
  private record Piece(long start, byte[] bytes, int length) {}

  private final List<Piece> pieces = new ArrayList<>();
  private long size;

  long size() {
    return size;
  }

  /** Keeps the first {@code offset} bytes, at most all, and appends. */
  void write(long offset, byte[] bytes) {
    while (!pieces.isEmpty() && pieces.getLast().start() >= offset) {
      pieces.removeLast();
    }
    if (!pieces.isEmpty()) {
      Piece last = pieces.removeLast();
      int kept = (int) Math.min(last.length(), offset - last.start());
      pieces.add(new Piece(last.start(), last.bytes(), kept));
    }
    if (bytes.length > 0) {
      pieces.add(new Piece(offset, bytes, bytes.length));
    }
    size = offset + bytes.length;
  }

  /** The bytes from an offset on, as they are now whatever is written later. */
  InputStream open(long offset) {
    List<InputStream> streams = new ArrayList<>();
    for (Piece piece : pieces) {
      long skipped = Math.max(0, offset - piece.start());
      if (skipped < piece.length()) {
        int from = (int) skipped;
        streams.add(new ByteArrayInputStream(piece.bytes(), from, piece.length() - from));
      }
    }
    return new SequenceInputStream(Collections.enumeration(streams));
  }
}
