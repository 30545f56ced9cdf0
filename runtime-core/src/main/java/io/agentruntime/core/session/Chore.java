// SPDX-License-Identifier: MIT

package io.agentruntime.core.session;

import java.time.Duration;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Something that is done again and again, in a thread of its own, until closed. Thread-safe. */
final class Chore implements AutoCloseable {
  private static final Logger log = LoggerFactory.getLogger(Chore.class);

  /** What is done. */
  interface Work {
    /** Does it once; what it throws is logged, and it is done again the next time. */
    void run() throws InterruptedException;
  }

  private final String name;
  private final Duration pause;
  private final Work work;
  private final Thread thread;
  private volatile boolean closed;

  /**
   * Begins with a pause.
   *
   * @param name of the thread
   * @param pause before each time
   */
  Chore(String name, Duration pause, Work work) {
    this.name = name;
    this.pause = pause;
    this.work = work;
    this.thread = Thread.ofVirtual().name(name).start(this::run);
  }

  /** Interrupts it if it is being done, and does it no more. */
  @Override
  public void close() {
    closed = true;
    thread.interrupt();
  }

  private void run() {
    try {
      while (!closed) {
        Thread.sleep(pause);
        once();
      }
    } catch (InterruptedException e) {
      log.debug("{} is not done any more", name);
    }
  }

  private void once() throws InterruptedException {
    try {
      work.run();
    } catch (RuntimeException e) {
      log.warn("{} failed and is tried again in {} s", name, pause.toSeconds(), e);
    }
  }
}
