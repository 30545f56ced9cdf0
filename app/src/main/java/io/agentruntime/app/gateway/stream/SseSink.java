// SPDX-License-Identifier: MIT

package io.agentruntime.app.gateway.stream;

import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;
import org.reactivestreams.Publisher;
import org.reactivestreams.Subscriber;
import org.reactivestreams.Subscription;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The body of one reply that does not end: chunks of server-sent events, each as the connection
 * asks for it. Thread-safe.
 */
final class SseSink implements StreamSink, Publisher<byte[]> {
  private static final Logger LOG = LoggerFactory.getLogger(SseSink.class);
  private static final int CHUNK = 64 * 1024;

  /** Browsers wait so long before they come back. */
  private static final byte[] BEGINNING = "retry: 1000\n\n".getBytes(StandardCharsets.US_ASCII);

  private static final byte[] HEARTBEAT = ": \n\n".getBytes(StandardCharsets.US_ASCII);

  private final Executor eventLoop;
  private final Runnable onStalled;
  private final ReentrantLock lock = new ReentrantLock();
  private final Condition changed = lock.newCondition();
  private @Nullable Subscriber<? super byte[]> subscriber;
  private long demand;
  private boolean gone;
  private boolean ended;
  private Runnable onGone = () -> {};
  private byte @Nullable [] goodbye;

  /**
   * A body that nobody reads yet.
   *
   * @param eventLoop the connection's own thread, on which alone it is certain whether there still
   *     is one
   * @param onStalled closes the connection of a client that does not even take its goodbye
   */
  SseSink(Executor eventLoop, Runnable onStalled) {
    this.eventLoop = eventLoop;
    this.onStalled = onStalled;
  }

  @Override
  public void subscribe(Subscriber<? super byte[]> reader) {
    reader.onSubscribe(
        new Subscription() {
          @Override
          public void request(long more) {
            asked(more);
          }

          @Override
          public void cancel() {
            left();
          }
        });
    lock.lock();
    try {
      subscriber = reader;
      changed.signalAll();
    } finally {
      lock.unlock();
    }
  }

  private void asked(long more) {
    lock.lock();
    try {
      demand = demand + more < 0 ? Long.MAX_VALUE : demand + more;
      changed.signalAll();
    } finally {
      lock.unlock();
    }
    sayGoodbye();
  }

  private void left() {
    Runnable action;
    lock.lock();
    try {
      gone = true;
      action = onGone;
      changed.signalAll();
    } finally {
      lock.unlock();
    }
    action.run();
  }

  @Override
  public void onGone(Runnable action) {
    boolean now;
    lock.lock();
    try {
      onGone = action;
      now = gone;
    } finally {
      lock.unlock();
    }
    if (now) {
      action.run();
    }
  }

  @Override
  public Sent begin(Duration patience) throws InterruptedException {
    return send(BEGINNING, patience);
  }

  @Override
  public Sent send(List<StreamFrame> frames, Duration patience) throws InterruptedException {
    SseChunk chunk = new SseChunk();
    for (StreamFrame frame : frames) {
      frame.appendTo(chunk);
      if (chunk.size() >= CHUNK) {
        Sent sent = send(chunk.bytes(), patience);
        if (sent != Sent.TAKEN) {
          return sent;
        }
        chunk = new SseChunk();
      }
    }
    return chunk.size() == 0 ? Sent.TAKEN : send(chunk.bytes(), patience);
  }

  @Override
  public Sent heartbeat(Duration patience) throws InterruptedException {
    return send(HEARTBEAT, patience);
  }

  private Sent send(byte[] chunk, Duration patience) throws InterruptedException {
    Subscriber<? super byte[]> reader;
    long left = patience.toNanos();
    lock.lockInterruptibly();
    try {
      while (!gone && !ended && (subscriber == null || demand == 0)) {
        if (left <= 0) {
          return Sent.STALLED;
        }
        left = changed.awaitNanos(left);
      }
      if (gone || ended || subscriber == null) {
        return Sent.GONE;
      }
      demand--;
      reader = subscriber;
    } finally {
      lock.unlock();
    }
    return deliver(() -> reader.onNext(chunk)) ? Sent.TAKEN : Sent.GONE;
  }

  /** A client that takes nothing is told as soon as it takes something again, if in time. */
  @Override
  public void end(StreamEnd reason) {
    SseChunk chunk = new SseChunk();
    StreamFrame.end(reason).appendTo(chunk);
    boolean stalled;
    lock.lock();
    try {
      if (ended) {
        return;
      }
      ended = true;
      goodbye = chunk.bytes();
      stalled = !gone && demand == 0;
      changed.signalAll();
    } finally {
      lock.unlock();
    }
    if (stalled) {
      onStalled.run();
    } else {
      sayGoodbye();
    }
  }

  private void sayGoodbye() {
    Subscriber<? super byte[]> reader;
    byte[] last;
    lock.lock();
    try {
      reader = subscriber;
      last = goodbye;
      if (gone || demand == 0 || reader == null || last == null) {
        return;
      }
      goodbye = null;
    } finally {
      lock.unlock();
    }
    boolean delivered =
        deliver(
            () -> {
              reader.onNext(last);
              reader.onComplete();
            });
    LOG.trace("the goodbye of a stream {}", delivered ? "is on its way" : "reaches nobody");
  }

  private boolean deliver(Runnable delivery) {
    try {
      eventLoop.execute(
          () -> {
            if (!isGone()) {
              delivery.run();
            }
          });
      return true;
    } catch (RejectedExecutionException e) {
      left();
      return false;
    }
  }

  private boolean isGone() {
    lock.lock();
    try {
      return gone;
    } finally {
      lock.unlock();
    }
  }
}
