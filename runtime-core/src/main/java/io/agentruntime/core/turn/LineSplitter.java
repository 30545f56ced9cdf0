// SPDX-License-Identifier: MIT

package io.agentruntime.core.turn;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Cuts a stream of bytes into lines and knows the offset at which each one ends. A line is decoded
 * from UTF-8 as a whole, so that no character is ever cut. Confined to one thread.
 */
public final class LineSplitter {
  private final int maxLine;
  private byte[] held = new byte[8 << 10];
  private int length;
  private long skipped;
  private long offset;

  /**
   * A line with its place.
   *
   * @param text without its line end; null when it was too long
   * @param bytes its length in bytes
   * @param end offset of the first byte after it
   */
  public record Line(@Nullable String text, long bytes, long end) {}

  /**
   * Begins at an offset, which must be the beginning of a line.
   *
   * @param offset where
   * @param maxLine longer lines are skipped, in bytes
   */
  public LineSplitter(long offset, int maxLine) {
    this.offset = offset;
    this.maxLine = maxLine;
  }

  /** The lines that these bytes complete. */
  public List<Line> add(byte[] bytes, int count) {
    List<Line> lines = new ArrayList<>();
    int from = 0;
    for (int i = 0; i < count; i++) {
      if (bytes[i] == '\n') {
        hold(bytes, from, i - from);
        lines.add(line(1));
        from = i + 1;
      }
    }
    hold(bytes, from, count - from);
    return lines;
  }

  /** What is left at the end of the stream as a last line; empty when it ended with a line end. */
  public List<Line> end() {
    return length == 0 && skipped == 0 ? List.of() : List.of(line(0));
  }

  private void hold(byte[] bytes, int from, int count) {
    if (skipped > 0 || length + count > maxLine) {
      skipped += length + count;
      length = 0;
      return;
    }
    if (length + count > held.length) {
      held = Arrays.copyOf(held, Math.min(maxLine, Math.max(held.length * 2, length + count)));
    }
    System.arraycopy(bytes, from, held, length, count);
    length += count;
  }

  private Line line(int lineEnd) {
    Line line;
    if (skipped > 0) {
      offset += skipped + lineEnd;
      line = new Line(null, skipped, offset);
    } else {
      offset += length + lineEnd;
      line = new Line(new String(held, 0, length, StandardCharsets.UTF_8), length, offset);
    }
    length = 0;
    skipped = 0;
    return line;
  }
}
