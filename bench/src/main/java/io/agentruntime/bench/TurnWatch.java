// SPDX-License-Identifier: MIT

package io.agentruntime.bench;

import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;

/** Passes a session's events on until its turn has ended. Thread-safe. */
final class TurnWatch implements Consumer<String> {
  private Consumer<String> listener = event -> {};
  private CountDownLatch ended = new CountDownLatch(1);
  private String failure = "";

  /** A turn begins, whose events this listener gets, the one that ends it last. */
  synchronized void begin(Consumer<String> next) {
    listener = next;
    ended = new CountDownLatch(1);
  }

  @Override
  public synchronized void accept(String event) {
    boolean failed = event.startsWith("[\"session:turn:failed\"");
    if (ended.getCount() > 0) {
      listener.accept(event);
    }
    if (failed) {
      failure = event;
    }
    if (failed || event.startsWith("[\"session:turn:completed\"")) {
      ended.countDown();
    }
  }

  /** Waits for the end of the turn. */
  void awaitEnd() throws InterruptedException {
    CountDownLatch latch;
    synchronized (this) {
      latch = ended;
    }
    if (!latch.await(3, TimeUnit.MINUTES)) {
      throw new IllegalStateException("the turn did not end");
    }
    synchronized (this) {
      if (!failure.isEmpty()) {
        throw new IllegalStateException(failure);
      }
    }
  }
}
