// SPDX-License-Identifier: MIT

package io.agentruntime.persistence.jdbc;

import io.agentruntime.model.workspace.ContentHash;
import java.security.MessageDigest;
import java.time.Instant;
import java.util.HexFormat;

/** Values as databases compare them exactly, whatever their collations. Stateless. */
final class Keys {
  private static final long NANOS = 1_000_000_000L;

  private Keys() {}

  /** A text of any length as a key; texts that differ have keys that differ. */
  static byte[] of(String text) {
    Texts.Encoded encoded = Texts.encode(text);
    MessageDigest digest = ContentHash.digest();
    digest.update((byte) encoded.encoding());
    return digest.digest(encoded.bytes());
  }

  static byte[] of(ContentHash hash) {
    return HexFormat.of().parseHex(hash.hex());
  }

  static ContentHash hash(byte[] key) {
    return new ContentHash(HexFormat.of().formatHex(key));
  }

  /** Nanoseconds since 1970; the nearest there is for times centuries away. */
  static long nanos(Instant time) {
    try {
      return Math.addExact(Math.multiplyExact(time.getEpochSecond(), NANOS), time.getNano());
    } catch (ArithmeticException e) {
      return time.getEpochSecond() < 0 ? -Long.MAX_VALUE : Long.MAX_VALUE;
    }
  }

  static Instant instant(long nanos) {
    return Instant.ofEpochSecond(Math.floorDiv(nanos, NANOS), Math.floorMod(nanos, NANOS));
  }
}
