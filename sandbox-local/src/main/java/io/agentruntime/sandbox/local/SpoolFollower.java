// SPDX-License-Identifier: MIT

package io.agentruntime.sandbox.local;

import io.agentruntime.error.AgentRuntimeException;
import java.io.IOException;
import java.io.InputStream;
import java.io.InterruptedIOException;
import java.nio.ByteBuffer;
import java.nio.channels.ClosedByInterruptException;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Reads an output while it grows: woken by the host's events, with a slow look around as a safety
 * net. One thread reads at a time; another may close.
 */
final class SpoolFollower extends InputStream {
  private static final Logger LOG = LoggerFactory.getLogger(SpoolFollower.class);
  private static final long LOOK_AROUND_MILLIS = 500;

  /** Where events cannot be had: still prompt enough for a person. */
  private static final long POLL_MILLIS = 5;

  private final LocalProcess process;
  private final String stream;
  private final FileChannel channel;
  private final Semaphore changes = new Semaphore(0);
  private final Runnable stopListening;
  private final long patienceMillis;
  private long position;
  private volatile boolean closed;

  SpoolFollower(LocalProcess process, SpoolFolder spool, String stream, long offset)
      throws IOException {
    this.process = process;
    this.stream = stream;
    this.position = offset;
    this.channel = FileChannel.open(spool.path().resolve(stream), StandardOpenOption.READ);
    Runnable stop = () -> {};
    long patience = LOOK_AROUND_MILLIS;
    try {
      stop = process.events().listen(spool.path(), this::changed);
    } catch (IOException e) {
      LOG.debug("{} is polled: {}", spool.path(), e.toString());
      patience = POLL_MILLIS;
    }
    this.stopListening = stop;
    this.patienceMillis = patience;
  }

  private void changed(@Nullable Path entry) {
    String name = entry == null ? "" : entry.toString();
    if (name.isEmpty() || name.equals(stream) || name.equals("exit")) {
      changes.release();
    }
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
    ByteBuffer buffer = ByteBuffer.wrap(target, from, count);
    try {
      while (true) {
        requireOpen();
        changes.drainPermits();
        // Asked first: what was written before the exit code is there when the code is.
        boolean complete = process.isComplete();
        int read = channel.read(buffer, position);
        if (read > 0) {
          requireKept();
          position += read;
          return read;
        }
        if (complete) {
          return -1;
        }
        awaitChange();
      }
    } catch (InterruptedException | ClosedByInterruptException e) {
      Thread.currentThread().interrupt();
      throw (IOException) new InterruptedIOException("interrupted while reading").initCause(e);
    } catch (AgentRuntimeException e) {
      throw new IOException(e.getMessage(), e);
    }
  }

  private void awaitChange() throws InterruptedException {
    if (changes.tryAcquire(patienceMillis, TimeUnit.MILLISECONDS)) {
      return;
    }
    process.lookForLoss();
  }

  private void requireOpen() throws IOException {
    if (closed) {
      throw new IOException("the stream is closed");
    }
    if (process.events().isClosed()) {
      throw new IOException("the sandbox provider is closed");
    }
  }

  /** What was read may have been released meanwhile, and then reads as zeros. */
  private void requireKept() throws IOException {
    if (position < process.spool().first(stream)) {
      throw new IOException("the bytes at " + position + " were released before they were read");
    }
  }

  @Override
  public int available() throws IOException {
    return (int) Math.clamp(channel.size() - position, 0, Integer.MAX_VALUE);
  }

  @Override
  public void close() throws IOException {
    closed = true;
    stopListening.run();
    changes.release();
    channel.close();
  }
}
