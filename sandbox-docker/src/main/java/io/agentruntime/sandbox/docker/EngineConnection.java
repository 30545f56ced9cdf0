// SPDX-License-Identifier: MIT

package io.agentruntime.sandbox.docker;

import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.io.InterruptedIOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.net.SocketTimeoutException;
import java.net.StandardProtocolFamily;
import java.net.StandardSocketOptions;
import java.net.UnknownHostException;
import java.nio.ByteBuffer;
import java.nio.channels.ClosedByInterruptException;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.function.Consumer;

/**
 * One connection to the engine: bytes with a time limit on every blocking step, and half-close.
 *
 * <p>One thread may read while another writes. Any thread may close it, which makes blocked calls
 * fail. An interrupted call fails with {@link InterruptedIOException}, the flag still set, and the
 * connection is closed.
 */
final class EngineConnection implements AutoCloseable {
  private static final int BUFFER = 16 * 1024;
  private static final int MAX_STEP = 64 * 1024;
  private static final int MAX_LINE = 16 * 1024;

  private final SocketChannel channel;
  private final Watchdog watchdog;
  private final ByteBuffer ahead = ByteBuffer.allocate(BUFFER).limit(0);
  private final Consumer<EngineConnection> onClose;
  private volatile Duration timeout;

  private EngineConnection(
      SocketChannel channel,
      Watchdog watchdog,
      Duration timeout,
      Consumer<EngineConnection> onClose) {
    this.channel = channel;
    this.watchdog = watchdog;
    this.timeout = timeout;
    this.onClose = onClose;
  }

  /**
   * Connects.
   *
   * @param address the engine
   * @param watchdog enforces the limits
   * @param timeout how long connecting, and later each read or write, may block
   * @param onClose told when it was closed
   */
  static EngineConnection open(
      EngineAddress address,
      Watchdog watchdog,
      Duration timeout,
      Consumer<EngineConnection> onClose)
      throws IOException {
    SocketAddress socket = address.socketAddress();
    boolean tcp = socket instanceof InetSocketAddress;
    if (socket instanceof InetSocketAddress inet && inet.isUnresolved()) {
      throw new UnknownHostException(inet.getHostString());
    }
    SocketChannel channel =
        tcp ? SocketChannel.open() : SocketChannel.open(StandardProtocolFamily.UNIX);
    EngineConnection connection = new EngineConnection(channel, watchdog, timeout, onClose);
    try {
      connection.limited(() -> channel.connect(socket));
      if (tcp) {
        channel.setOption(StandardSocketOptions.TCP_NODELAY, true);
      }
      return connection;
    } catch (IOException | RuntimeException e) {
      connection.close();
      throw e;
    }
  }

  boolean isOpen() {
    return channel.isOpen();
  }

  /** Replaces the limit of later reads and writes. */
  void timeout(Duration timeout) {
    this.timeout = timeout;
  }

  /** What the engine sends; closing it closes the connection. */
  InputStream input() {
    return new Input();
  }

  /** What goes to the engine; closing it ends only this direction. */
  OutputStream output() {
    return new Output();
  }

  /** A line without its end, as HTTP headers have it. */
  String readLine() throws IOException {
    StringBuilder line = new StringBuilder();
    byte[] one = new byte[1];
    while (true) {
      if (read(one, 0, 1) < 0) {
        throw new EOFException("the engine closed the connection");
      }
      if (one[0] == '\n') {
        return line.toString().strip();
      }
      if (line.length() >= MAX_LINE) {
        throw new IOException("the engine sent a line of over " + MAX_LINE + " bytes");
      }
      line.append((char) (one[0] & 0xff));
    }
  }

  void write(String text) throws IOException {
    byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
    write(bytes, 0, bytes.length);
  }

  @Override
  public void close() {
    try {
      channel.close();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } finally {
      onClose.accept(this);
    }
  }

  private int read(byte[] into, int offset, int length) throws IOException {
    if (length == 0) {
      return 0;
    }
    if (!ahead.hasRemaining()) {
      if (length >= BUFFER) {
        ByteBuffer direct = ByteBuffer.wrap(into, offset, Math.min(length, MAX_STEP));
        return limited(() -> channel.read(direct));
      }
      ahead.clear();
      int count = -1;
      try {
        count = limited(() -> channel.read(ahead));
      } finally {
        ahead.flip();
      }
      if (count < 0) {
        return -1;
      }
    }
    int count = Math.min(length, ahead.remaining());
    ahead.get(into, offset, count);
    return count;
  }

  private void write(byte[] from, int offset, int length) throws IOException {
    ByteBuffer bytes = ByteBuffer.wrap(from, offset, length);
    int end = bytes.limit();
    while (bytes.position() < end) {
      bytes.limit(Math.min(end, bytes.position() + MAX_STEP));
      limited(() -> channel.write(bytes));
    }
  }

  private <T> T limited(Step<T> step) throws IOException {
    Watchdog.Limit limit = watchdog.limit(channel, timeout);
    try (limit) {
      return step.run();
    } catch (ClosedByInterruptException e) {
      InterruptedIOException interrupted = new InterruptedIOException("interrupted");
      interrupted.initCause(e);
      throw interrupted;
    } catch (IOException e) {
      if (limit.expired()) {
        SocketTimeoutException late =
            new SocketTimeoutException("no answer within " + timeout.toMillis() + " ms");
        late.initCause(e);
        throw late;
      }
      throw e;
    }
  }

  private interface Step<T> {
    T run() throws IOException;
  }

  private final class Input extends InputStream {
    @Override
    public int read() throws IOException {
      byte[] one = new byte[1];
      return EngineConnection.this.read(one, 0, 1) < 0 ? -1 : one[0] & 0xff;
    }

    @Override
    public int read(byte[] into, int offset, int length) throws IOException {
      return EngineConnection.this.read(into, offset, length);
    }

    @Override
    public void close() {
      EngineConnection.this.close();
    }
  }

  private final class Output extends OutputStream {
    @Override
    public void write(int value) throws IOException {
      EngineConnection.this.write(new byte[] {(byte) value}, 0, 1);
    }

    @Override
    public void write(byte[] from, int offset, int length) throws IOException {
      EngineConnection.this.write(from, offset, length);
    }

    @Override
    public void close() throws IOException {
      if (channel.isOpen()) {
        channel.shutdownOutput();
      }
    }
  }
}
