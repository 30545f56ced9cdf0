package com.example.sandboxexec;

import java.io.IOException;
import java.io.InputStream;
import java.io.InterruptedIOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import org.jspecify.annotations.Nullable;

/**
 * One command under way: what it is told, what it answers, how it ends.
 *
 * <p>The JDK's streams of a process cannot be interrupted, so three threads move the bytes, and the
 * caller waits at a queue. One thread at a time, except for {@link #close}.
 */
final class Call implements AutoCloseable {
  private static final int CHUNK = 1 << 16;
  private static final int CHUNKS = 8;
  private static final int MAX_ERRORS = 4096;
  private static final byte[] END = new byte[0];

  /** Writes what a command is told. */
  @FunctionalInterface
  interface Input {
    void writeTo(OutputStream out) throws IOException;
  }

  private final Process process;
  private final Output output = new Output();
  private final BlockingQueue<byte[]> chunks = new ArrayBlockingQueue<>(CHUNKS);
  private final CompletableFuture<String> errors = new CompletableFuture<>();
  private final Thread reader;
  private volatile @Nullable IOException broken;
  private volatile boolean closed;

  /**
   * Starts a command.
   *
   * @param keepOpen whether its standard input stays open until {@link #close}
   */
  Call(List<String> command, Input input, boolean keepOpen) throws IOException {
    process = new ProcessBuilder(command).start();
    reader = thread("reads", this::read);
    thread("writes", () -> write(input, keepOpen));
    thread("listens", this::listen);
  }

  private Thread thread(String what, Runnable task) {
    return Thread.ofPlatform().daemon().name("exec-sandbox-" + what).start(task);
  }

  private void write(Input input, boolean keepOpen) {
    OutputStream out = process.getOutputStream();
    try {
      input.writeTo(out);
      out.flush();
      if (!keepOpen) {
        out.close();
      }
    } catch (IOException e) {
      // Either the command has ended, and its exit code says why, or the content was not readable.
      broken = e;
      quietly(out);
    }
  }

  private void read() {
    try (InputStream in = process.getInputStream()) {
      byte[] buffer = new byte[CHUNK];
      for (int count = in.read(buffer); count >= 0; count = in.read(buffer)) {
        chunks.put(Arrays.copyOf(buffer, count));
      }
      chunks.put(END);
    } catch (IOException e) {
      broken = e;
      chunks.offer(END);
    } catch (InterruptedException e) {
      chunks.clear(); // closed: nobody reads any more
      chunks.offer(END);
    }
  }

  private void listen() {
    try (InputStream in = process.getErrorStream()) {
      byte[] first = in.readNBytes(MAX_ERRORS);
      in.transferTo(OutputStream.nullOutputStream());
      errors.complete(new String(first, StandardCharsets.UTF_8).strip());
    } catch (IOException e) {
      errors.complete("");
    }
  }

  /** What it answers; reading throws {@link InterruptedIOException} on interruption. */
  InputStream output() {
    return output;
  }

  /** Waits for the end, after all output was read; its exit code. */
  int end() throws InterruptedException {
    return process.waitFor();
  }

  /** What it complained about. */
  String complaint() throws InterruptedException {
    try {
      String text = errors.get();
      IOException cause = broken;
      return text.isEmpty() && cause != null ? String.valueOf(cause.getMessage()) : text;
    } catch (ExecutionException e) {
      throw new IllegalStateException("never completed with a failure", e);
    }
  }

  /** Why not all of what it was told reached it, if so. */
  @Nullable IOException broken() {
    return broken;
  }

  /** Ends it. Idempotent and thread-safe. */
  @Override
  public void close() {
    closed = true;
    process.destroy();
    quietly(process.getOutputStream());
    reader.interrupt();
  }

  private static void quietly(OutputStream out) {
    try {
      out.close();
    } catch (IOException e) {
      // Nobody reads what was left in the buffer.
    }
  }

  private final class Output extends InputStream {
    private byte[] chunk = new byte[0];
    private int at;
    private boolean over;

    @Override
    public int read() throws IOException {
      byte[] one = new byte[1];
      return read(one, 0, 1) < 0 ? -1 : one[0] & 0xff;
    }

    @Override
    public int read(byte[] buffer, int offset, int length) throws IOException {
      if (length == 0) {
        return 0;
      }
      if (at == chunk.length && !next()) {
        return -1;
      }
      int count = Math.min(length, chunk.length - at);
      System.arraycopy(chunk, at, buffer, offset, count);
      at += count;
      return count;
    }

    private boolean next() throws IOException {
      if (over) {
        return false;
      }
      try {
        chunk = chunks.take();
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
        throw (IOException) new InterruptedIOException("interrupted while reading").initCause(e);
      }
      at = 0;
      over = chunk == END;
      if (over && closed) {
        throw new IOException("the stream was closed");
      }
      return !over;
    }

    @Override
    public int available() {
      return chunk.length - at;
    }

    @Override
    public void close() {
      Call.this.close();
    }
  }
}
