// SPDX-License-Identifier: MIT

package io.agentruntime.sandbox.modal.standin;

import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;

/**
 * All bytes of one stream, in a file: written by a program or by {@link #append}, readable from any
 * offset, also after the end. Thread-safe.
 */
final class Spool {
  private static final long SHORTEST_WAIT = TimeUnit.MILLISECONDS.toNanos(1);
  private static final long LONGEST_WAIT = TimeUnit.MILLISECONDS.toNanos(10);

  private final Path file;
  private final ReentrantLock lock = new ReentrantLock();
  private final Condition changed = lock.newCondition();
  private boolean ended;

  Spool(Path file) throws IOException {
    this.file = Files.createFile(file);
  }

  Path file() {
    return file;
  }

  void append(byte[] bytes) throws IOException {
    lock.lock();
    try {
      Files.write(file, bytes, StandardOpenOption.APPEND);
      changed.signalAll();
    } finally {
      lock.unlock();
    }
  }

  /** No more bytes come, whoever may still hold the file. */
  void end() {
    lock.lock();
    try {
      ended = true;
      changed.signalAll();
    } finally {
      lock.unlock();
    }
  }

  /** The next bytes, as soon as there are any; none at the end. */
  byte[] read(long offset, int most) throws IOException, InterruptedException {
    return read(offset, most, Long.MAX_VALUE);
  }

  /** As {@link #read(long, int)}, but none as well when the time is over. */
  byte[] read(long offset, int most, long nanos) throws IOException, InterruptedException {
    long deadline = nanos == Long.MAX_VALUE ? Long.MAX_VALUE : System.nanoTime() + nanos;
    long wait = SHORTEST_WAIT;
    lock.lockInterruptibly();
    try {
      while (true) {
        boolean last = ended || (deadline != Long.MAX_VALUE && System.nanoTime() >= deadline);
        byte[] bytes = now(offset, most);
        if (bytes.length > 0 || last) {
          return bytes;
        }
        // A program writes past us, straight to the file: look again soon.
        long unused = changed.awaitNanos(wait);
        wait = Math.min(2 * wait, LONGEST_WAIT);
      }
    } finally {
      lock.unlock();
    }
  }

  boolean isEnded() {
    lock.lock();
    try {
      return ended;
    } finally {
      lock.unlock();
    }
  }

  private byte[] now(long offset, int most) throws IOException {
    long there = Files.size(file) - offset;
    if (there <= 0) {
      return new byte[0];
    }
    ByteBuffer buffer = ByteBuffer.allocate((int) Math.min(there, most));
    try (FileChannel channel = FileChannel.open(file)) {
      while (buffer.hasRemaining() && channel.read(buffer, offset + buffer.position()) > 0) {
        // on to the next piece
      }
    }
    byte[] bytes = new byte[buffer.position()];
    buffer.flip().get(bytes);
    return bytes;
  }

  /** Everything from the start, to the end. */
  InputStream stream() {
    return new InputStream() {
      private long offset;

      @Override
      public int read() throws IOException {
        byte[] one = new byte[1];
        return read(one, 0, 1) < 0 ? -1 : one[0] & 0xff;
      }

      @Override
      public int read(byte[] target, int from, int length) throws IOException {
        try {
          byte[] bytes = Spool.this.read(offset, length);
          if (bytes.length == 0) {
            return -1;
          }
          System.arraycopy(bytes, 0, target, from, bytes.length);
          offset += bytes.length;
          return bytes.length;
        } catch (InterruptedException e) {
          Thread.currentThread().interrupt();
          throw new IOException("interrupted", e);
        }
      }
    };
  }
}
