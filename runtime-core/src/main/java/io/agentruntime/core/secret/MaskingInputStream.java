// SPDX-License-Identifier: MIT

package io.agentruntime.core.secret;

import java.io.IOException;
import java.io.InputStream;
import java.util.Arrays;

/**
 * Masks secret values in a stream of bytes. It holds back only bytes that may be the beginning of a
 * secret, so that a line which ends without one is never delayed. One thread at a time.
 */
public final class MaskingInputStream extends InputStream {
  private final InputStream in;
  private final SecretMask mask;
  private byte[] buffer = new byte[16 << 10];
  private int start;
  private int ready;
  private int filled;
  private boolean ended;

  private MaskingInputStream(InputStream in, SecretMask mask) {
    this.in = in;
    this.mask = mask;
    if (mask.longest() * 2 > buffer.length) {
      buffer = new byte[mask.longest() * 2];
    }
  }

  /** The stream itself when there is nothing to mask. */
  public static InputStream of(InputStream in, SecretMask mask) {
    return mask.isEmpty() ? in : new MaskingInputStream(in, mask);
  }

  @Override
  public int read() throws IOException {
    return fill() ? buffer[start++] & 0xff : -1;
  }

  @Override
  public int read(byte[] target, int offset, int length) throws IOException {
    if (length == 0) {
      return 0;
    }
    if (!fill()) {
      return -1;
    }
    int n = Math.min(length, ready - start);
    System.arraycopy(buffer, start, target, offset, n);
    start += n;
    return n;
  }

  @Override
  public int available() throws IOException {
    return ready - start;
  }

  @Override
  public void close() throws IOException {
    in.close();
  }

  private boolean fill() throws IOException {
    while (start == ready) {
      System.arraycopy(buffer, ready, buffer, 0, filled - ready);
      filled -= ready;
      start = 0;
      ready = 0;
      if (ended) {
        return false;
      }
      int n = in.read(buffer, filled, buffer.length - filled);
      if (n < 0) {
        ended = true;
        mask.mask(buffer, filled);
        ready = filled;
      } else {
        filled += n;
        ready = filled - mask.mask(buffer, filled);
      }
    }
    return true;
  }

  @Override
  public String toString() {
    return "MaskingInputStream" + Arrays.toString(new int[] {start, ready, filled});
  }
}
