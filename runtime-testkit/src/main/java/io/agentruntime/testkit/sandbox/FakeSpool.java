// SPDX-License-Identifier: MIT

package io.agentruntime.testkit.sandbox;

import io.agentruntime.error.AgentRuntimeException;
import io.agentruntime.error.StandardError;
import java.io.IOException;
import java.io.InputStream;
import java.io.InterruptedIOException;
import java.io.OutputStream;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/**
 * A stream that can be read from any offset not released, by any number of readers. Thread-safe.
 */
final class FakeSpool {
  private static final int CHUNK = 1 << 13;

  private final long limit;
  private final ReentrantLock lock = new ReentrantLock();
  private final Condition changed = lock.newCondition();
  private final List<byte @Nullable []> chunks = new ArrayList<>();
  private long length;
  private long first;
  private boolean ended;
  private @Nullable String lost;

  FakeSpool(long limit) {
    this.limit = limit;
  }

  long length() {
    lock.lock();
    try {
      return length;
    } finally {
      lock.unlock();
    }
  }

  /** Appends; blocks while more than the limit would be kept. Nothing is added after the end. */
  void write(byte[] bytes, int from, int count) throws InterruptedIOException {
    int done = 0;
    lock.lock();
    try {
      while (done < count && !ended) {
        long room = limit - (length - first);
        if (room <= 0) {
          changed.await();
          continue;
        }
        int at = (int) (length % CHUNK);
        if (at == 0) {
          chunks.add(new byte[CHUNK]);
        }
        byte[] chunk = chunks.getLast();
        if (chunk == null) {
          throw new IllegalStateException("the last chunk is never released");
        }
        int step = (int) Math.min(Math.min(room, count - done), CHUNK - at);
        System.arraycopy(bytes, from + done, chunk, at, step);
        done += step;
        length += step;
        changed.signalAll();
      }
    } catch (InterruptedException e) {
      throw interrupted(done);
    } finally {
      lock.unlock();
    }
  }

  void release(long upTo) {
    lock.lock();
    try {
      first = Math.max(first, Math.min(upTo, length));
      for (int i = 0; i < first / CHUNK && i < chunks.size() - 1; i++) {
        chunks.set(i, null);
      }
      changed.signalAll();
    } finally {
      lock.unlock();
    }
  }

  /** Nothing comes any more: readers end after the last byte. */
  void end() {
    lock.lock();
    try {
      ended = true;
      changed.signalAll();
    } finally {
      lock.unlock();
    }
  }

  /** The sandbox is gone: readers fail. */
  void lose(String reason) {
    lock.lock();
    try {
      ended = true;
      lost = reason;
      // Nobody can read any more; ended sandboxes are remembered, what they said is not.
      chunks.clear();
      changed.signalAll();
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

  InputStream follow(long offset) {
    lock.lock();
    try {
      if (offset < first) {
        throw new AgentRuntimeException(
            StandardError.OFFSET_RELEASED, "output before byte " + first + " was released");
      }
      if (offset > length) {
        throw new AgentRuntimeException(
            StandardError.OFFSET_MISMATCH, "the output ends at byte " + length);
      }
      return new Follower(offset);
    } finally {
      lock.unlock();
    }
  }

  OutputStream appender() {
    return new OutputStream() {
      @Override
      public void write(int b) throws IOException {
        write(new byte[] {(byte) b}, 0, 1);
      }

      @Override
      public void write(byte[] bytes, int from, int count) throws IOException {
        FakeSpool.this.write(bytes, from, count);
      }
    };
  }

  private static InterruptedIOException interrupted(int done) {
    Thread.currentThread().interrupt();
    InterruptedIOException interrupted = new InterruptedIOException("interrupted");
    interrupted.bytesTransferred = done;
    return interrupted;
  }

  /** One reader. Confined. */
  private final class Follower extends InputStream {
    private long position;
    private boolean closed;

    Follower(long position) {
      this.position = position;
    }

    @Override
    public int read() throws IOException {
      byte[] one = new byte[1];
      return read(one, 0, 1) < 0 ? -1 : one[0] & 0xff;
    }

    @Override
    public int read(byte[] target, int from, int count) throws IOException {
      if (count == 0) {
        return 0;
      }
      lock.lock();
      try {
        while (position == length && !ended && !closed) {
          changed.await();
        }
        if (lost != null || closed) {
          throw new IOException(closed ? "the stream is closed" : lost);
        }
        if (position == length) {
          return -1;
        }
        byte[] chunk = chunks.get((int) (position / CHUNK));
        if (position < first || chunk == null) {
          throw new IOException("output before byte " + first + " was released");
        }
        int at = (int) (position % CHUNK);
        int step = (int) Math.min(Math.min(count, length - position), CHUNK - at);
        System.arraycopy(chunk, at, target, from, step);
        position += step;
        return step;
      } catch (InterruptedException e) {
        throw interrupted(0);
      } finally {
        lock.unlock();
      }
    }

    @Override
    public int available() {
      return (int) Math.min(Integer.MAX_VALUE, length() - position);
    }

    @Override
    public void close() {
      lock.lock();
      try {
        closed = true;
        changed.signalAll();
      } finally {
        lock.unlock();
      }
    }
  }
}
