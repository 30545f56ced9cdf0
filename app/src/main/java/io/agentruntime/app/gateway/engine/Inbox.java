// SPDX-License-Identifier: MIT

package io.agentruntime.app.gateway.engine;

import java.util.ArrayDeque;
import java.util.Deque;
import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * Runs what one connection has to do in order, one at a time, on a virtual thread that lives as
 * long as there is work. Thread-safe. Messages are bounded by count and bytes.
 */
final class Inbox {
  private record Entry(int bytes, Runnable work) {}

  private final Executor threads;
  private final int maxMessages;
  private final int maxBytes;
  private final RateLimit rate;
  private final Consumer<Throwable> onFailure;

  private final ReentrantLock lock = new ReentrantLock();
  private final Deque<Entry> entries = new ArrayDeque<>();
  private int messages;
  private long bytes;
  private boolean running;
  private boolean finished;

  Inbox(Executor threads, GatewayOptions options, Consumer<Throwable> onFailure) {
    this.threads = threads;
    this.maxMessages = options.inboxMessages();
    this.maxBytes = options.inboxBytes();
    this.rate = new RateLimit(options.messageRate(), options.messageBurst(), System::nanoTime);
    this.onFailure = onFailure;
  }

  /** Adds the handling of a message; why not, if that would be beyond a limit. */
  @Nullable DisconnectReason offer(int size, Runnable handling) {
    lock.lock();
    try {
      if (finished) {
        return null;
      }
      if (!rate.tryTake()) {
        return DisconnectReason.RATE_EXCEEDED;
      }
      if (messages >= maxMessages || (messages > 0 && bytes + size > maxBytes)) {
        return DisconnectReason.INBOX_FULL;
      }
      messages++;
      bytes += size;
      enqueue(new Entry(size, handling));
      return null;
    } finally {
      lock.unlock();
    }
  }

  /** Adds work of this server, of which there is little: it always has room. */
  void add(Runnable work) {
    lock.lock();
    try {
      if (!finished) {
        enqueue(new Entry(-1, work));
      }
    } finally {
      lock.unlock();
    }
  }

  /** Adds the last work; whatever comes later is ignored. Repeated calls do nothing. */
  void finish(Runnable last) {
    lock.lock();
    try {
      if (!finished) {
        enqueue(new Entry(-1, last));
        finished = true;
      }
    } finally {
      lock.unlock();
    }
  }

  private void enqueue(Entry entry) {
    entries.addLast(entry);
    if (!running) {
      try {
        threads.execute(this::run);
        running = true;
      } catch (RejectedExecutionException e) {
        // The server has stopped, after having given every connection the time to end.
        entries.clear();
        finished = true;
      }
    }
  }

  private void run() {
    for (Runnable work = next(); work != null; work = next()) {
      try {
        work.run();
      } catch (RuntimeException | Error e) {
        onFailure.accept(e);
      }
    }
  }

  private @Nullable Runnable next() {
    lock.lock();
    try {
      Entry entry = entries.pollFirst();
      if (entry == null) {
        running = false;
        return null;
      }
      if (entry.bytes() >= 0) {
        messages--;
        bytes -= entry.bytes();
      }
      return entry.work();
    } finally {
      lock.unlock();
    }
  }
}
