// SPDX-License-Identifier: MIT

package io.agentruntime.core.turn;

import static org.assertj.core.api.Assertions.assertThat;

import io.agentruntime.core.turn.LineSplitter.Line;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Bytes become lines, whatever the chunks in which they come. */
class LineSplitterTest {
  private static final int LONGEST = 8;

  private static List<Line> split(String text, int chunk) {
    LineSplitter splitter = new LineSplitter(100, LONGEST);
    byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
    List<Line> lines = new ArrayList<>();
    for (int from = 0; from < bytes.length; from += chunk) {
      int count = Math.min(chunk, bytes.length - from);
      byte[] part = new byte[chunk];
      System.arraycopy(bytes, from, part, 0, count);
      lines.addAll(splitter.add(part, count));
    }
    lines.addAll(splitter.end());
    return lines;
  }

  @Test
  void aLineAsLongAsAllowedIsWholeAndALongerOneIsToldOnceWithItsSize() {
    for (int chunk = 1; chunk < 40; chunk++) {
      assertThat(split("12345678\n123456789\n\n1234567890123456789\nend", chunk))
          .as("chunks of %d bytes", chunk)
          .containsExactly(
              new Line("12345678", 8, 109),
              new Line(null, 9, 119),
              new Line("", 0, 120),
              new Line(null, 19, 140),
              new Line("end", 3, 143));
    }
  }

  @Test
  void charactersAreNotCutAndBytesThatAreNoUtf8AreReplaced() {
    LineSplitter splitter = new LineSplitter(0, LONGEST);
    byte[] broken = {'a', (byte) 0xc3, (byte) 0x28, '\n'};
    assertThat(split("é✓\n👋", 1)).extracting(Line::text).containsExactly("é✓", "👋");
    assertThat(splitter.add(broken, broken.length)).containsExactly(new Line("a\ufffd(", 3, 4));
  }
}
