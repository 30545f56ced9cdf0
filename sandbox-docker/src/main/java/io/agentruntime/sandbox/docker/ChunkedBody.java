// SPDX-License-Identifier: MIT

package io.agentruntime.sandbox.docker;

import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;

/** An answer's body in chunks. Confined to one thread. */
final class ChunkedBody extends InputStream {
  private final EngineConnection connection;
  private final InputStream source;
  private long left;
  private boolean first = true;
  private boolean ended;

  ChunkedBody(EngineConnection connection) {
    this.connection = connection;
    this.source = connection.input();
  }

  @Override
  public int read() throws IOException {
    byte[] one = new byte[1];
    return read(one, 0, 1) < 0 ? -1 : one[0] & 0xff;
  }

  @Override
  public int read(byte[] into, int offset, int length) throws IOException {
    if (length == 0) {
      return 0;
    }
    if (left == 0 && !ended) {
      nextChunk();
    }
    if (ended) {
      return -1;
    }
    int count = source.read(into, offset, (int) Math.min(length, left));
    if (count < 0) {
      throw new EOFException("the engine closed the connection amid a chunk");
    }
    left -= count;
    return count;
  }

  @Override
  public void close() throws IOException {
    source.close();
  }

  private void nextChunk() throws IOException {
    if (!first && !connection.readLine().isEmpty()) {
      throw new IOException("the engine sent more than a chunk's announced length");
    }
    first = false;
    String size = connection.readLine();
    int extension = size.indexOf(';');
    try {
      left = Long.parseLong(extension < 0 ? size : size.substring(0, extension).strip(), 16);
    } catch (NumberFormatException e) {
      throw new IOException("the engine sent a chunk without a length", e);
    }
    // Trailers, if any, are not read: the connection serves one request only.
    ended = left == 0;
  }
}
