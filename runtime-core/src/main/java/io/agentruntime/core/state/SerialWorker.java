// SPDX-License-Identifier: MIT

package io.agentruntime.core.state;

import io.agentruntime.error.AgentRuntimeException;
import io.agentruntime.error.StandardError;
import java.util.concurrent.Callable;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.function.BiConsumer;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Does a session's blocking work (preparing, syncing, ending its sandbox) one piece after the other
 * on a virtual thread, so that none of it overlaps and the actor never waits. Thread-safe.
 */
public final class SerialWorker {
  private static final Logger log = LoggerFactory.getLogger(SerialWorker.class);

  private final LinkedBlockingQueue<Job<?>> jobs = new LinkedBlockingQueue<>();
  private final Mailbox mailbox;
  private final Thread thread;
  private volatile boolean stopped;
  private @Nullable Job<?> running;

  private record Job<T>(
      Callable<T> work, BiConsumer<@Nullable T, @Nullable AgentRuntimeException> done) {}

  public SerialWorker(String name, Mailbox mailbox) {
    this.mailbox = mailbox;
    this.thread = Thread.ofVirtual().name(name).start(this::run);
  }

  /**
   * Does some work later; its result or failure comes back through the mailbox.
   *
   * @return the job, for {@link #interrupt}
   */
  public <T> Object submit(
      Callable<T> work, BiConsumer<@Nullable T, @Nullable AgentRuntimeException> done) {
    Job<T> job = new Job<>(work, done);
    jobs.add(job);
    return job;
  }

  /** Interrupts a job if it is running, or forgets it if it has not begun. */
  public synchronized void interrupt(Object job) {
    if (running == job) {
      thread.interrupt();
    } else if (jobs.remove(job)) {
      fail((Job<?>) job, new AgentRuntimeException(StandardError.CLOSED, "no longer wanted"));
    }
  }

  /** Stops after the present job. */
  public synchronized void stop() {
    stopped = true;
    if (running == null) {
      thread.interrupt();
    }
  }

  private void run() {
    while (!stopped) {
      try {
        perform(jobs.take());
      } catch (InterruptedException e) {
        // Either the job was interrupted, which it has reported, or the worker is to stop.
        log.trace("woken up");
      }
    }
  }

  private <T> void perform(Job<T> job) {
    synchronized (this) {
      running = job;
    }
    T result = null;
    AgentRuntimeException failure = null;
    try {
      result = job.work().call();
    } catch (InterruptedException e) {
      failure = new AgentRuntimeException(StandardError.CLOSED, "the work was interrupted", e);
    } catch (AgentRuntimeException e) {
      failure = e;
    } catch (Exception e) {
      failure = new AgentRuntimeException(StandardError.PROVIDER_FAILED, e.toString(), e);
    } catch (Error e) {
      failure =
          new AgentRuntimeException(StandardError.PROVIDER_FAILED, "a provider is broken: " + e, e);
    }
    synchronized (this) {
      running = null;
      boolean ignored = Thread.interrupted();
    }
    T value = result;
    AgentRuntimeException error = failure;
    mailbox.signal(() -> job.done().accept(value, error));
  }

  private <T> void fail(Job<T> job, AgentRuntimeException error) {
    mailbox.signal(() -> job.done().accept(null, error));
  }
}
