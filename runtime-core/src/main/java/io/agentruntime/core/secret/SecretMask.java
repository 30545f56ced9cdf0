// SPDX-License-Identifier: MIT

package io.agentruntime.core.secret;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Collection;
import java.util.List;
import java.util.stream.Stream;

/**
 * Replaces secret values by asterisks of the same length, so that byte offsets stay what they were.
 * Immutable and thread-safe.
 *
 * <p>Values shorter than {@value #MIN_LENGTH} characters are not masked: they would match by
 * accident.
 */
public final class SecretMask {
  /** Shorter values are not masked. */
  public static final int MIN_LENGTH = 8;

  /** Masks nothing. */
  public static final SecretMask NONE = new SecretMask(List.of());

  private final List<String> values;
  private final List<byte[]> bytes;

  private SecretMask(List<String> values) {
    this.values = values;
    this.bytes = values.stream().map(v -> v.getBytes(StandardCharsets.UTF_8)).toList();
  }

  /**
   * A mask of these values, also as they stand within JSON or a URL, and of the longer lines of
   * such as have several; longer ones are masked first.
   */
  public static SecretMask of(Collection<String> values) {
    List<String> usable =
        values.stream()
            .flatMap(SecretForms::of)
            .filter(value -> value.length() >= MIN_LENGTH)
            .distinct()
            .sorted((a, b) -> b.length() - a.length())
            .toList();
    return usable.isEmpty() ? NONE : new SecretMask(usable);
  }

  /** A mask of what either masks. */
  public SecretMask and(SecretMask other) {
    return of(Stream.concat(values.stream(), other.values.stream()).toList());
  }

  /** Whether there is nothing to mask. */
  public boolean isEmpty() {
    return values.isEmpty();
  }

  /** The text with every secret value masked. */
  public String mask(String text) {
    String masked = text;
    for (String value : values) {
      if (masked.contains(value)) {
        masked = masked.replace(value, "*".repeat(value.length()));
      }
    }
    return masked;
  }

  /** How many characters at the end of a text might be the beginning of a secret value. */
  public int undecidedTail(CharSequence text) {
    int longest = 0;
    for (String value : values) {
      int max = Math.min(value.length() - 1, text.length());
      for (int n = max; n > longest; n--) {
        if (endsWith(text, value, n)) {
          longest = n;
        }
      }
    }
    return longest;
  }

  /** Masks in place within {@code [0, length)}; returns how many bytes at the end are undecided. */
  int mask(byte[] buffer, int length) {
    int undecided = 0;
    for (byte[] value : bytes) {
      for (int at = indexOf(buffer, length, value, 0);
          at >= 0;
          at = indexOf(buffer, length, value, at + value.length)) {
        Arrays.fill(buffer, at, at + value.length, (byte) '*');
      }
      int max = Math.min(value.length - 1, length);
      for (int n = max; n > undecided; n--) {
        if (Arrays.equals(buffer, length - n, length, value, 0, n)) {
          undecided = n;
        }
      }
    }
    return undecided;
  }

  int longest() {
    return bytes.stream().mapToInt(value -> value.length).max().orElse(0);
  }

  private static boolean endsWith(CharSequence text, String value, int n) {
    int start = text.length() - n;
    for (int i = 0; i < n; i++) {
      if (text.charAt(start + i) != value.charAt(i)) {
        return false;
      }
    }
    return true;
  }

  private static int indexOf(byte[] buffer, int length, byte[] value, int from) {
    byte first = value[0];
    int last = length - value.length;
    for (int i = from; i <= last; i++) {
      if (buffer[i] == first
          && Arrays.equals(buffer, i, i + value.length, value, 0, value.length)) {
        return i;
      }
    }
    return -1;
  }

  @Override
  public String toString() {
    return "SecretMask[" + values.size() + " values]";
  }
}
