// SPDX-License-Identifier: MIT

package io.agentruntime.scriptedmodel.http;

import java.io.EOFException;
import java.io.IOException;
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * The reading side of a connection: lines and byte counts from one buffer, and waiting that notices
 * when the client leaves. Confined to the connection's thread.
 */
final class ConnectionInput {

  private static final int MAX_LINE_BYTES = 16 * 1024;

  private final Socket socket;
  private final byte[] buffer = new byte[16 * 1024];
  private int position;
  private int limit;

  ConnectionInput(Socket socket) {
    this.socket = socket;
  }

  /** The next line without its end; null at the end of the stream before any byte. */
  @Nullable String readLine() throws IOException {
    StringBuilder line = new StringBuilder();
    int count = 0;
    while (true) {
      int b = read();
      if (b < 0) {
        if (count == 0) {
          return null;
        }
        throw new EOFException("The stream ended inside a line");
      }
      if (b == '\n') {
        int length = line.length();
        if (length > 0 && line.charAt(length - 1) == '\r') {
          line.setLength(length - 1);
        }
        return line.toString();
      }
      if (++count > MAX_LINE_BYTES) {
        throw new BadRequestException(431, "A request line or header is too long");
      }
      line.append((char) b);
    }
  }

  /** Waits for the first byte of the next request; false when the client closes instead. */
  boolean awaitRequest() throws IOException {
    if (position < limit) {
      return true;
    }
    if (read() < 0) {
      return false;
    }
    position--;
    return true;
  }

  /** Exactly {@code count} bytes. */
  void readFully(byte[] target, int offset, int count) throws IOException {
    int done = Math.min(count, limit - position);
    System.arraycopy(buffer, position, target, offset, done);
    position += done;
    while (done < count) {
      int n = socket.getInputStream().read(target, offset + done, count - done);
      if (n < 0) {
        throw new EOFException("The stream ended inside a body");
      }
      done += n;
    }
  }

  void timeout(Duration timeout) throws IOException {
    // Zero would mean "for ever" to the socket.
    socket.setSoTimeout(Math.clamp(timeout.toMillis(), 1, Integer.MAX_VALUE));
  }

  /**
   * Waits until the time is over; a zero duration returns at once.
   *
   * @throws ClientGoneException when the client closes the connection meanwhile. A client that only
   *     closes its sending half counts as gone too: agents never do that.
   */
  void pause(Duration duration) throws IOException {
    long end = System.nanoTime() + duration.toNanos();
    while (true) {
      long left = end - System.nanoTime();
      if (left <= 0) {
        return;
      }
      timeout(Duration.ofNanos(left + 999_999));
      try {
        awaitBytesOrEnd();
      } catch (SocketTimeoutException e) {
        return;
      }
    }
  }

  /** Waits, for as long as it takes, until the client closes the connection. */
  void awaitEnd() throws IOException {
    socket.setSoTimeout(0);
    while (true) {
      awaitBytesOrEnd();
    }
  }

  private void awaitBytesOrEnd() throws IOException {
    if (position > 0 && position == limit) {
      position = 0;
      limit = 0;
    }
    if (limit == buffer.length) {
      throw new ClientGoneException("The client sends requests ahead without end");
    }
    int n = socket.getInputStream().read(buffer, limit, buffer.length - limit);
    if (n < 0) {
      throw new ClientGoneException("The client closed the connection");
    }
    limit += n;
  }

  private int read() throws IOException {
    if (position == limit) {
      int n = socket.getInputStream().read(buffer, 0, buffer.length);
      if (n < 0) {
        return -1;
      }
      position = 0;
      limit = n;
    }
    return buffer[position++] & 0xff;
  }

  /**
   * Throws away what the client still sends, at most {@code maxBytes}, so that it can read our
   * answer.
   */
  void discard(long maxBytes) throws IOException {
    long left = maxBytes;
    while (left > 0) {
      int n = socket.getInputStream().read(buffer, 0, (int) Math.min(left, buffer.length));
      if (n < 0) {
        return;
      }
      left -= n;
    }
  }

  static byte[] ascii(String text) {
    return text.getBytes(StandardCharsets.ISO_8859_1);
  }
}
