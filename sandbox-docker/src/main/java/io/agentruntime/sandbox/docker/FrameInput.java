// SPDX-License-Identifier: MIT

package io.agentruntime.sandbox.docker;

import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;

/**
 * The standard output within an engine's stream of frames; standard error is put aside, its end
 * kept up to a bound. Frame: one byte for the stream, three zero bytes, the length as four bytes,
 * the payload. Confined to one thread.
 */
final class FrameInput extends InputStream {
  private static final int HEADER = 8;
  private static final int STDOUT = 1;
  private static final int STDERR = 2;

  private final InputStream source;
  private final byte[] header = new byte[HEADER];
  private final Tail errors;
  private long left;

  /**
   * Wraps the raw stream.
   *
   * @param source closed with this
   * @param errorLimit how many bytes of standard error to keep
   */
  FrameInput(InputStream source, int errorLimit) {
    this.source = source;
    this.errors = new Tail(errorLimit);
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
    while (left == 0) {
      if (!nextFrame()) {
        return -1;
      }
    }
    int count = source.read(into, offset, (int) Math.min(length, left));
    if (count < 0) {
      throw new EOFException("the engine closed the connection amid a frame");
    }
    left -= count;
    return count;
  }

  @Override
  public void close() throws IOException {
    source.close();
  }

  /** The end of what came on standard error so far. */
  String errors() {
    return errors.text();
  }

  /** Stops at a frame of standard output; false at the end. */
  private boolean nextFrame() throws IOException {
    int got = source.readNBytes(header, 0, HEADER);
    if (got == 0) {
      return false;
    }
    if (got < HEADER) {
      throw new EOFException("the engine closed the connection amid a frame's header");
    }
    long length =
        (header[4] & 0xffL) << 24
            | (header[5] & 0xffL) << 16
            | (header[6] & 0xffL) << 8
            | (header[7] & 0xffL);
    switch (header[0]) {
      case STDOUT -> left = length;
      case STDERR -> errors.read(source, length);
      case 3 -> {
        errors.read(source, length);
        throw new IOException("the engine reports: " + errors.text());
      }
      default -> throw new IOException("the engine sent a frame of unknown stream " + header[0]);
    }
    return true;
  }

  /** The last bytes of a stream. */
  private static final class Tail {
    private final byte[] ring;
    private long total;

    Tail(int limit) {
      ring = new byte[limit];
    }

    void read(InputStream source, long length) throws IOException {
      long left = length;
      while (left > 0) {
        int at = (int) (total % ring.length);
        int count = source.read(ring, at, (int) Math.min(left, ring.length - at));
        if (count < 0) {
          throw new EOFException("the engine closed the connection amid a frame");
        }
        total += count;
        left -= count;
      }
    }

    String text() {
      int kept = (int) Math.min(total, ring.length);
      byte[] bytes = new byte[kept];
      for (int i = 0; i < kept; i++) {
        bytes[i] = ring[(int) ((total - kept + i) % ring.length)];
      }
      return new String(bytes, StandardCharsets.UTF_8).strip();
    }
  }
}
