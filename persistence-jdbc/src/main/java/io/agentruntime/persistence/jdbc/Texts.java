// SPDX-License-Identifier: MIT

package io.agentruntime.persistence.jdbc;

import java.nio.ByteBuffer;
import java.nio.CharBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;

/** Texts as bytes, verbatim also where they are no valid Unicode. Stateless. */
final class Texts {
  /** Bytes that are no text of ours. */
  static final int AS_GIVEN = 0;

  static final int UTF_8 = 1;
  static final int UTF_16 = 2;

  private Texts() {}

  /**
   * A text in the encoding that keeps it.
   *
   * @param encoding {@link #UTF_8} or {@link #UTF_16}
   * @param bytes the text in it
   */
  @SuppressWarnings("ArrayRecordComponent") // Nobody compares it.
  record Encoded(int encoding, byte[] bytes) {}

  static Encoded encode(String text) {
    try {
      ByteBuffer utf8 = StandardCharsets.UTF_8.newEncoder().encode(CharBuffer.wrap(text));
      byte[] bytes = new byte[utf8.remaining()];
      utf8.get(bytes);
      return new Encoded(UTF_8, bytes);
    } catch (CharacterCodingException e) {
      // Half of a surrogate pair, for which UTF-8 has no bytes.
      return new Encoded(UTF_16, utf16(text));
    }
  }

  private static byte[] utf16(String text) {
    ByteBuffer bytes = ByteBuffer.allocate(Math.multiplyExact(2, text.length()));
    bytes.asCharBuffer().put(text);
    return bytes.array();
  }

  static String decode(int encoding, byte[] bytes) {
    if (encoding == UTF_16) {
      return ByteBuffer.wrap(bytes).asCharBuffer().toString();
    }
    return utf8(bytes);
  }

  static String utf8(byte[] bytes) {
    return new String(bytes, StandardCharsets.UTF_8);
  }
}
