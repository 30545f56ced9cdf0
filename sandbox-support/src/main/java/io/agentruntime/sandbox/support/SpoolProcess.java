// SPDX-License-Identifier: MIT

package io.agentruntime.sandbox.support;

import io.agentruntime.error.AgentRuntimeException;
import io.agentruntime.spi.sandbox.ExitStatus;
import io.agentruntime.spi.sandbox.ProcessId;
import io.agentruntime.spi.sandbox.ProcessSignal;
import io.agentruntime.spi.sandbox.SandboxProcess;
import io.agentruntime.support.spool.SpoolCommands;
import io.agentruntime.support.spool.SpoolReply;
import io.agentruntime.support.spool.SpoolStatus;
import io.agentruntime.support.spool.SpoolStream;
import java.io.InputStream;
import java.time.Duration;
import java.util.List;
import java.util.Optional;

/** A process whose streams a supervisor in the sandbox keeps. Thread-safe. */
final class SpoolProcess implements SandboxProcess {
  private static final byte[] NOTHING = new byte[0];

  private final SpoolCalls calls;
  private final SpoolCommands spool;
  private final ProcessId id;

  SpoolProcess(SpoolCalls calls, SpoolCommands spool, ProcessId id) {
    this.calls = calls;
    this.spool = spool;
    this.id = id;
  }

  @Override
  public ProcessId id() {
    return id;
  }

  @Override
  public InputStream stdout(long offset) throws InterruptedException {
    return follow(SpoolStream.OUT, offset);
  }

  @Override
  public InputStream stderr(long offset) throws InterruptedException {
    return follow(SpoolStream.ERR, offset);
  }

  @Override
  public long writeStdin(long offset, byte[] bytes) throws InterruptedException {
    requireOffset(offset);
    List<String> command = spool.writeStdin(id, offset, bytes.length);
    return SpoolReply.number(id, calls.write("write to process " + id, command, bytes));
  }

  @Override
  public void closeStdin() throws InterruptedException {
    String attempt = "end the input of process " + id;
    SpoolReply.number(id, calls.ask(attempt, spool.closeStdin(id), NOTHING));
  }

  @Override
  public Optional<ExitStatus> exit() throws InterruptedException {
    return status().exit();
  }

  @Override
  public Optional<ExitStatus> awaitExit(Duration timeout) throws InterruptedException {
    String attempt = "wait for process " + id;
    long deadline = System.nanoTime() + timeout.toNanos();
    Duration left = timeout;
    while (true) {
      Duration longest = calls.longestWait();
      Duration step = left.compareTo(longest) < 0 ? left : longest;
      List<String> command = step.isPositive() ? spool.await(id, step) : spool.status(id);
      Optional<ExitStatus> exit =
          SpoolReply.status(id, calls.ask(attempt, command, NOTHING)).exit();
      left = Duration.ofNanos(deadline - System.nanoTime());
      if (exit.isPresent() || !left.isPositive()) {
        return exit;
      }
    }
  }

  @Override
  public void signal(ProcessSignal signal) throws InterruptedException {
    SpoolReply.ok(id, calls.askOnce("signal process " + id, spool.signal(id, signal)));
  }

  @Override
  public void release(long upTo) throws InterruptedException {
    String attempt = "release output of " + id;
    SpoolReply.number(id, calls.ask(attempt, spool.release(id, upTo), NOTHING));
  }

  /** How far it is; {@code PROCESS_NOT_FOUND} when it was never started. */
  SpoolStatus status() throws InterruptedException {
    return SpoolReply.status(id, calls.ask("ask for process " + id, spool.status(id), NOTHING));
  }

  private InputStream follow(SpoolStream stream, long offset) throws InterruptedException {
    requireOffset(offset);
    FollowedOutput output = new FollowedOutput(calls.channel(), spool, id, stream, offset);
    output.begin();
    return output;
  }

  private static void requireOffset(long offset) {
    if (offset < 0) {
      throw AgentRuntimeException.invalid("offset", "0 or more, not " + offset);
    }
  }
}
