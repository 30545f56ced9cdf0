// SPDX-License-Identifier: MIT

package io.agentruntime.sandbox.docker;

import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;

/** An answer's body of announced length. Confined to one thread. */
final class LengthBody extends InputStream {
  private final InputStream source;
  private long left;

  LengthBody(InputStream source, long length) {
    this.source = source;
    this.left = length;
  }

  @Override
  public int read() throws IOException {
    byte[] one = new byte[1];
    return read(one, 0, 1) < 0 ? -1 : one[0] & 0xff;
  }

  @Override
  public int read(byte[] into, int offset, int length) throws IOException {
    if (left <= 0) {
      return -1;
    }
    int count = source.read(into, offset, (int) Math.min(length, left));
    if (count < 0) {
      throw new EOFException("the engine closed the connection amid an answer");
    }
    left -= count;
    return count;
  }

  @Override
  public void close() throws IOException {
    source.close();
  }
}
