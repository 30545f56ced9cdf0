// SPDX-License-Identifier: MIT

package io.agentruntime.scriptedmodel.play;

import java.util.Iterator;
import java.util.NoSuchElementException;
import java.util.stream.IntStream;

/** The deltas of a text, made while they are sent: a long text costs no second copy of itself. */
final class Chunks {

  private Chunks() {}

  /**
   * Pieces of at most {@code codePoints} code points, none of them split; none for an empty text.
   */
  static Iterable<String> of(String text, int codePoints) {
    return () ->
        new Iterator<>() {
          private int position;

          @Override
          public boolean hasNext() {
            return position < text.length();
          }

          @Override
          public String next() {
            if (!hasNext()) {
              throw new NoSuchElementException();
            }
            int start = position;
            for (int n = 0; n < codePoints && position < text.length(); n++) {
              position += Character.charCount(text.codePointAt(position));
            }
            return text.substring(start, position);
          }
        };
  }

  /** So many pieces that say their number. */
  static Iterable<String> numbered(int count) {
    return () ->
        IntStream.rangeClosed(1, count)
            .mapToObj(n -> "chunk " + n + " of " + count + (n % 5 == 0 ? "\n" : "; "))
            .iterator();
  }
}
