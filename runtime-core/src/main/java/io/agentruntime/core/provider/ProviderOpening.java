// SPDX-License-Identifier: MIT

package io.agentruntime.core.provider;

import io.agentruntime.core.provider.ProviderDiscovery.Found;
import io.agentruntime.spi.Provider;
import io.agentruntime.spi.ProviderContext;
import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One provider being opened on a thread of its own: what blocks there for ever costs nobody else
 * more than the deadline. Thread-safe.
 */
final class ProviderOpening {
  private static final Logger log = LoggerFactory.getLogger(ProviderOpening.class);

  private final Found<? extends Provider> found;
  private final Thread thread;
  private final CountDownLatch ended = new CountDownLatch(1);

  /** Whoever sets it first decides whether the provider counts as open. */
  private final AtomicBoolean decided = new AtomicBoolean();

  private volatile @Nullable Throwable failure;

  private ProviderOpening(Found<? extends Provider> found, ProviderContext context) {
    this.found = found;
    this.thread = Thread.ofVirtual().name("open-" + found.id()).unstarted(() -> open(context));
  }

  /** Starts to open a provider. */
  static ProviderOpening start(Found<? extends Provider> found, ProviderContext context) {
    ProviderOpening opening = new ProviderOpening(found, context);
    opening.thread.start();
    return opening;
  }

  Found<? extends Provider> found() {
    return found;
  }

  /**
   * Waits for it.
   *
   * @param deadline by {@link System#nanoTime()}
   * @param limit the whole time there was, for the message
   * @return null when it is open, else why it is not; in that case it is closed, now or when its
   *     method returns
   */
  @Nullable Throwable await(long deadline, Duration limit) throws InterruptedException {
    boolean inTime = ended.await(deadline - System.nanoTime(), TimeUnit.NANOSECONDS);
    if (inTime || !decided.compareAndSet(false, true)) {
      ended.await();
      return failure;
    }
    thread.interrupt();
    return new IllegalStateException(
        "it was not open after "
            + limit.toSeconds()
            + " s (agent-runtime.provider-open-timeout-ms)");
  }

  /**
   * Gives up waiting.
   *
   * @return whether the provider is open, so that the caller has to close it
   */
  boolean abandon() throws InterruptedException {
    if (decided.compareAndSet(false, true)) {
      thread.interrupt();
      return false;
    }
    ended.await();
    return failure == null;
  }

  private void open(ProviderContext context) {
    try {
      found.provider().open(context);
      if (!decided.compareAndSet(false, true)) {
        log.warn("provider '{}' opened too late and is closed again", found.id());
        found.provider().close();
      }
    } catch (InterruptedException | RuntimeException | LinkageError e) {
      failure = e;
      decided.set(true);
    } finally {
      ended.countDown();
    }
  }
}
