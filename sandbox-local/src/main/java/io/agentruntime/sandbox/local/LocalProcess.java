// SPDX-License-Identifier: MIT

package io.agentruntime.sandbox.local;

import io.agentruntime.error.AgentRuntimeException;
import io.agentruntime.error.StandardError;
import io.agentruntime.spi.sandbox.ExitStatus;
import io.agentruntime.spi.sandbox.ProcessId;
import io.agentruntime.spi.sandbox.ProcessSignal;
import io.agentruntime.spi.sandbox.SandboxProcess;
import io.agentruntime.support.spool.SpoolReply;
import io.agentruntime.support.spool.SpoolStatus;
import java.io.IOException;
import java.io.InputStream;
import java.nio.channels.FileChannel;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.ReentrantLock;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** A process of a {@link LocalSandbox}, by its spool. Thread-safe. */
final class LocalProcess implements SandboxProcess {
  private static final Logger LOG = LoggerFactory.getLogger(LocalProcess.class);

  /** How much is released before the disk is told. */
  private static final long FREE_STEP = 4L << 20;

  private static final long LOOK_AROUND_MILLIS = 500;
  private static final long POLL_MILLIS = 5;

  private final LocalSandbox sandbox;
  private final ProcessId id;
  private final SpoolFolder spool;
  private final ReentrantLock lock = new ReentrantLock();
  private long freed;

  /** Set once: the program has ended, and nobody recorded how. */
  private volatile boolean lost;

  LocalProcess(LocalSandbox sandbox, ProcessId id, SpoolFolder spool) {
    this.sandbox = sandbox;
    this.id = id;
    this.spool = spool;
  }

  SpoolFolder spool() {
    return spool;
  }

  FolderEvents events() {
    return sandbox.events();
  }

  @Override
  public ProcessId id() {
    return id;
  }

  // --- output ---

  @Override
  public InputStream stdout(long offset) {
    return follow("out", offset);
  }

  @Override
  public InputStream stderr(long offset) {
    return follow("err", offset);
  }

  private InputStream follow(String stream, long offset) {
    return sandbox.io(
        "follow process " + id,
        () -> {
          if (offset < spool.first(stream)) {
            throw new AgentRuntimeException(
                StandardError.OFFSET_RELEASED,
                "output of process " + id + " before byte " + spool.first(stream) + " is gone");
          }
          if (offset > spool.length(stream)) {
            throw new AgentRuntimeException(
                StandardError.OFFSET_MISMATCH,
                "output of process " + id + " ends at byte " + spool.length(stream));
          }
          return new SpoolFollower(this, spool, stream, offset);
        });
  }

  @Override
  public void release(long upTo) throws InterruptedException {
    lock.lockInterruptibly();
    try {
      long from =
          sandbox.io(
              "release output of process " + id,
              () -> {
                long first = Math.min(upTo, spool.length("out"));
                if (first > spool.first("out")) {
                  spool.putFirst("out", first);
                }
                spool.wakePump();
                return spool.first("out");
              });
      if (from - freed >= FREE_STEP) {
        free(from);
      }
    } finally {
      lock.unlock();
    }
  }

  /** Gives whole blocks back to the disk; a file system that cannot keeps them until the end. */
  private void free(long upTo) throws InterruptedException {
    long from = freed / FREE_STEP * FREE_STEP;
    freed = upTo;
    try {
      HostCommand.run(
          List.of(
              "fallocate",
              "--punch-hole",
              "--offset=" + from,
              "--length=" + (upTo - from),
              spool.path().resolve("out").toString()),
          Map.of("PATH", LocalSandbox.SYSTEM_PATH));
    } catch (AgentRuntimeException e) {
      LOG.debug("The output of process {} stays on disk: {}", id, e.getMessage());
    }
  }

  // --- input ---

  @Override
  public long writeStdin(long offset, byte[] bytes) throws InterruptedException {
    lock.lockInterruptibly();
    try {
      return sandbox.io("write to process " + id, () -> append(offset, bytes));
    } finally {
      lock.unlock();
    }
  }

  private long append(long offset, byte[] bytes) throws IOException {
    try (FileChannel owner = spool.lockInput()) {
      long length = spool.length("in");
      if (offset > length) {
        throw new AgentRuntimeException(
            StandardError.OFFSET_MISMATCH,
            "standard input of process " + id + " ends at " + length + ", before " + offset);
      }
      long known = length - offset;
      if (known >= bytes.length) {
        return length;
      }
      if (spool.isInputClosed()) {
        throw new AgentRuntimeException(
            StandardError.CLOSED, "standard input of process " + id + " was closed at " + length);
      }
      spool.appendInput(bytes, (int) known);
      return spool.length("in");
    }
  }

  @Override
  public void closeStdin() throws InterruptedException {
    lock.lockInterruptibly();
    try {
      sandbox.io(
          "close the input of process " + id,
          () -> {
            try (FileChannel owner = spool.lockInput()) {
              spool.closeInput();
            }
            return id;
          });
    } finally {
      lock.unlock();
    }
  }

  // --- the end ---

  /** Whether the program has ended and all of its output is there. */
  boolean isComplete() {
    return sandbox.io("look at process " + id, () -> !spool.exitCode().isEmpty() || lost);
  }

  /** Once in a while: a supervisor that was killed records nothing. */
  void lookForLoss() throws InterruptedException {
    boolean suspicious =
        sandbox.io(
            "look at process " + id, () -> spool.exitCode().isEmpty() && !spool.isSupervised());
    if (suspicious && !lost) {
      // It may have ended in between, and its supervisor with it.
      lost =
          SpoolReply.status(id, sandbox.spoolCommand(c -> c.status(id))).exit().isPresent()
              && recordedExit().isEmpty();
    }
  }

  @Override
  public Optional<ExitStatus> exit() throws InterruptedException {
    Optional<ExitStatus> recorded = recordedExit();
    if (recorded.isPresent()) {
      return recorded;
    }
    lookForLoss();
    return lost ? Optional.of(lostExit()) : recordedExit();
  }

  private Optional<ExitStatus> recordedExit() {
    String code = sandbox.io("look at process " + id, spool::exitCode);
    return code.isEmpty() ? Optional.empty() : Optional.of(new ExitStatus(Integer.parseInt(code)));
  }

  private static ExitStatus lostExit() {
    return new ExitStatus(SpoolStatus.EXIT_CODE_LOST);
  }

  @Override
  public Optional<ExitStatus> awaitExit(Duration timeout) throws InterruptedException {
    if (Thread.interrupted()) {
      throw new InterruptedException("interrupted before waiting for process " + id);
    }
    long deadline = System.nanoTime() + TimeUnit.NANOSECONDS.convert(timeout);
    Semaphore changes = new Semaphore(0);
    long patience = LOOK_AROUND_MILLIS;
    Runnable stop = () -> {};
    try {
      stop =
          events()
              .listen(
                  spool.path(),
                  entry -> {
                    if (entry == null || entry.toString().equals("exit")) {
                      changes.release();
                    }
                  });
    } catch (IOException e) {
      patience = POLL_MILLIS;
    }
    try {
      Optional<ExitStatus> exit = exit();
      while (exit.isEmpty() && deadline - System.nanoTime() > 0) {
        long left = TimeUnit.NANOSECONDS.toMillis(deadline - System.nanoTime()) + 1;
        if (changes.tryAcquire(Math.min(left, patience), TimeUnit.MILLISECONDS)) {
          changes.drainPermits();
          exit = recordedExit();
        } else {
          exit = exit();
        }
      }
      return exit;
    } finally {
      stop.run();
    }
  }

  @Override
  public void signal(ProcessSignal signal) throws InterruptedException {
    SpoolReply.ok(id, sandbox.spoolCommand(c -> c.signal(id, signal)));
  }
}
