// SPDX-License-Identifier: MIT

package io.agentruntime.core.turn;

import io.agentruntime.error.AgentRuntimeException;
import io.agentruntime.error.StandardError;
import io.agentruntime.spi.sandbox.SandboxProcess;
import java.time.Duration;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.function.Consumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Writes an agent process's standard input by offset, in order, on a virtual thread of its own. A
 * write that fails because the sandbox cannot be reached is repeated, which offsets make harmless.
 */
public final class StdinWriter implements AutoCloseable {
  private static final Logger log = LoggerFactory.getLogger(StdinWriter.class);
  private static final Duration PAUSE = Duration.ofMillis(200);
  private static final int ATTEMPTS = 300;

  /** One thing to do to a process. */
  private sealed interface Job {
    record Write(long offset, byte[] bytes) implements Job {}

    record Close() implements Job {}

    record Release(long upTo) implements Job {}
  }

  private final SandboxProcess process;
  private final Consumer<AgentRuntimeException> onFailed;
  private final LinkedBlockingQueue<Job> jobs = new LinkedBlockingQueue<>();
  private final Thread thread;

  /**
   * Starts a writer; the queue is bounded by what the session's actor decides to write.
   *
   * @param name the thread's name
   * @param process the process
   * @param onFailed called when bytes could not be written although the process may live
   */
  public StdinWriter(
      String name, SandboxProcess process, Consumer<AgentRuntimeException> onFailed) {
    this.process = process;
    this.onFailed = onFailed;
    this.thread = Thread.ofVirtual().name(name).start(this::run);
  }

  /** Writes bytes at an offset. */
  public void write(long offset, byte[] bytes) {
    jobs.add(new Job.Write(offset, bytes));
  }

  /** Ends standard input after what was written. */
  public void closeStdin() {
    jobs.add(new Job.Close());
  }

  /** Frees output that is no longer needed. */
  public void release(long upTo) {
    jobs.add(new Job.Release(upTo));
  }

  /** Stops writing; the process is left alone. */
  @Override
  public void close() {
    thread.interrupt();
  }

  private void run() {
    try {
      while (true) {
        perform(jobs.take());
      }
    } catch (InterruptedException e) {
      log.debug("writing was stopped");
    }
  }

  private void perform(Job job) throws InterruptedException {
    for (int attempt = 1; ; attempt++) {
      try {
        switch (job) {
          case Job.Write write -> process.writeStdin(write.offset(), write.bytes());
          case Job.Close close -> process.closeStdin();
          case Job.Release release -> process.release(release.upTo());
        }
        return;
      } catch (AgentRuntimeException e) {
        if (!e.code().retryable() || attempt == ATTEMPTS) {
          log.info("{}: {}", process.id(), e.getMessage());
          // A process that has ended shows itself to the reader; output may be freed later.
          if (!(job instanceof Job.Release)
              && e.code() != StandardError.CLOSED
              && e.code() != StandardError.SANDBOX_LOST) {
            onFailed.accept(e);
          }
          return;
        }
        Thread.sleep(PAUSE);
      } catch (RuntimeException e) {
        log.error("{}: a provider failed", process.id(), e);
        onFailed.accept(
            new AgentRuntimeException(
                StandardError.PROVIDER_FAILED, "writing to the agent failed", e));
        return;
      }
    }
  }
}
