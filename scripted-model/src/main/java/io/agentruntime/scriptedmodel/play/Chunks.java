package io.agentruntime.scriptedmodel.play;

import java.util.ArrayList;
import java.util.List;

/** Cuts texts into deltas without ever splitting a code point. */
public final class Chunks {

  private Chunks() {}

  /** Pieces of at most {@code codePoints} code points; none for an empty text. */
  public static List<String> of(String text, int codePoints) {
    List<String> chunks = new ArrayList<>();
    int start = 0;
    while (start < text.length()) {
      int end = start;
      for (int n = 0; n < codePoints && end < text.length(); n++) {
        end += Character.charCount(text.codePointAt(end));
      }
      chunks.add(text.substring(start, end));
      start = end;
    }
    return chunks;
  }
}
