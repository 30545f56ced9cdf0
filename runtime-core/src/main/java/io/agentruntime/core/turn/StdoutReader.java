// SPDX-License-Identifier: MIT

package io.agentruntime.core.turn;

import io.agentruntime.core.sandbox.CommandRunner;
import io.agentruntime.core.secret.MaskingInputStream;
import io.agentruntime.core.secret.SecretMask;
import io.agentruntime.error.AgentRuntimeException;
import io.agentruntime.error.StandardError;
import io.agentruntime.spi.sandbox.ExitStatus;
import io.agentruntime.spi.sandbox.Sandbox;
import io.agentruntime.spi.sandbox.SandboxProcess;
import java.io.IOException;
import java.io.InputStream;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Follows an agent process's standard output from an offset on a virtual thread of its own. When
 * the stream breaks it begins again at the last whole line, until the sandbox is known to be gone.
 */
public final class StdoutReader implements AutoCloseable {
  private static final Logger log = LoggerFactory.getLogger(StdoutReader.class);
  private static final int MAX_LINE = 16 << 20;
  private static final Duration EXIT_WAIT = Duration.ofSeconds(10);
  private static final Duration FIRST_PAUSE = Duration.ofMillis(100);
  private static final Duration LAST_PAUSE = Duration.ofSeconds(2);

  private final Sandbox sandbox;
  private final SandboxProcess process;
  private final SecretMask mask;
  private final OutputSink sink;
  private final Duration patience;
  private final Thread thread;
  private long offset;

  /**
   * Starts reading.
   *
   * @param name the thread's name
   * @param sandbox where the process runs
   * @param process the process
   * @param offset where to begin
   * @param mask secrets that must not be seen
   * @param patience how long a sandbox may be unreachable before it counts as lost
   * @param sink where the output goes
   */
  public StdoutReader(
      String name,
      Sandbox sandbox,
      SandboxProcess process,
      long offset,
      SecretMask mask,
      Duration patience,
      OutputSink sink) {
    this.sandbox = sandbox;
    this.process = process;
    this.offset = offset;
    this.mask = mask;
    this.patience = patience;
    this.sink = sink;
    this.thread = Thread.ofVirtual().name(name).start(this::run);
  }

  /** Ends the reading; the process is left alone. */
  @Override
  public void close() {
    thread.interrupt();
  }

  private void run() {
    try {
      Optional<ExitStatus> exit = follow();
      if (exit.isPresent()) {
        sink.exited(exit.get(), CommandRunner.tail(process));
      } else {
        sink.lost(
            new AgentRuntimeException(
                StandardError.AGENT_EXITED, "the agent's process ended without an exit status"));
      }
    } catch (InterruptedException e) {
      log.debug("reading was stopped");
    } catch (AgentRuntimeException e) {
      sink.lost(e);
    } catch (RuntimeException | LinkageError e) {
      log.error("reading an agent's output failed", e);
      sink.lost(
          new AgentRuntimeException(
              StandardError.PROVIDER_FAILED, "reading the agent's output failed", e));
    }
  }

  private Optional<ExitStatus> follow() throws InterruptedException {
    long brokenSince = 0;
    Duration pause = FIRST_PAUSE;
    while (true) {
      long before = offset;
      try {
        copy();
        return process.awaitExit(EXIT_WAIT);
      } catch (IOException e) {
        failIfGone(e);
        log.info("an agent's output broke off at {}: {}", offset, e.toString());
      } catch (AgentRuntimeException e) {
        if (!e.code().retryable()) {
          throw e;
        }
        failIfGone(e);
      }
      if (offset > before) {
        brokenSince = 0;
        pause = FIRST_PAUSE;
      }
      long now = System.nanoTime();
      brokenSince = brokenSince == 0 ? now : brokenSince;
      if (now - brokenSince > patience.toNanos()) {
        throw new AgentRuntimeException(
            StandardError.SANDBOX_LOST,
            "the sandbox could not be reached for " + patience.toSeconds() + " s");
      }
      Thread.sleep(pause);
      pause = pause.multipliedBy(2).compareTo(LAST_PAUSE) > 0 ? LAST_PAUSE : pause.multipliedBy(2);
    }
  }

  private void copy() throws IOException, InterruptedException {
    LineSplitter splitter = new LineSplitter(offset, MAX_LINE);
    byte[] buffer = new byte[64 << 10];
    try (InputStream in = MaskingInputStream.of(process.stdout(offset), mask)) {
      for (int n = in.read(buffer); n >= 0; n = in.read(buffer)) {
        give(splitter.add(buffer, n));
        sink.awaitRoom();
      }
    }
    give(splitter.end());
  }

  private void give(List<LineSplitter.Line> lines) throws InterruptedException {
    if (!lines.isEmpty()) {
      sink.lines(lines);
      offset = lines.getLast().end();
    }
  }

  private void failIfGone(Exception cause) throws InterruptedException {
    if (Thread.interrupted() || cause instanceof java.io.InterruptedIOException) {
      throw new InterruptedException("reading was stopped");
    }
    boolean alive;
    try {
      alive = sandbox.isAlive();
    } catch (AgentRuntimeException e) {
      // It cannot be told at present: try again.
      return;
    }
    if (!alive) {
      throw new AgentRuntimeException(
          StandardError.SANDBOX_LOST, "the sandbox ended while the agent ran", cause);
    }
  }
}
