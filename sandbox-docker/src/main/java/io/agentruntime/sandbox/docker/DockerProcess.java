// SPDX-License-Identifier: MIT

package io.agentruntime.sandbox.docker;

import io.agentruntime.error.AgentRuntimeException;
import io.agentruntime.spi.sandbox.ExitStatus;
import io.agentruntime.spi.sandbox.ProcessId;
import io.agentruntime.spi.sandbox.ProcessSignal;
import io.agentruntime.spi.sandbox.SandboxProcess;
import io.agentruntime.support.spool.SpoolCommands;
import io.agentruntime.support.spool.SpoolReply;
import io.agentruntime.support.spool.SpoolStatus;
import io.agentruntime.support.spool.SpoolStream;
import java.io.IOException;
import java.io.InputStream;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** A process whose streams a supervisor in the container keeps. Thread-safe. */
final class DockerProcess implements SandboxProcess {
  /** A waiting program outlives a server that dies: not for long. */
  private static final Duration LONGEST_WAIT = Duration.ofSeconds(15);

  private static final byte[] NOTHING = new byte[0];

  private final Container container;
  private final Shells shells;
  private final SpoolCommands spool;
  private final ProcessId id;

  DockerProcess(Container container, Shells shells, SpoolCommands spool, ProcessId id) {
    this.container = container;
    this.shells = shells;
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
    if (offset < 0) {
      throw AgentRuntimeException.invalid("offset", "0 or more, not " + offset);
    }
    return SpoolReply.number(
        id, ask("write to process " + id, spool.writeStdin(id, offset, bytes.length), bytes));
  }

  @Override
  public void closeStdin() throws InterruptedException {
    SpoolReply.number(id, ask("end the input of process " + id, spool.closeStdin(id), NOTHING));
  }

  @Override
  public Optional<ExitStatus> exit() throws InterruptedException {
    return status().exit();
  }

  @Override
  public Optional<ExitStatus> awaitExit(Duration timeout) throws InterruptedException {
    long deadline = System.nanoTime() + timeout.toNanos();
    Duration left = timeout;
    while (true) {
      Duration step = shorter(left, shorter(LONGEST_WAIT, container.engine().patience()));
      List<String> command = step.isPositive() ? spool.await(id, step) : spool.status(id);
      Optional<ExitStatus> exit =
          SpoolReply.status(id, ask("wait for process " + id, command, NOTHING)).exit();
      left = Duration.ofNanos(deadline - System.nanoTime());
      if (exit.isPresent() || !left.isPositive()) {
        return exit;
      }
    }
  }

  @Override
  public void signal(ProcessSignal signal) throws InterruptedException {
    // Not through a shell that is kept: should it be gone, the signal would be sent twice.
    ExecCommand command = new ExecCommand(spool.signal(id, signal), Map.of());
    SpoolReply.ok(id, container.runWell("signal process " + id, command, NOTHING).text());
  }

  @Override
  public void release(long upTo) throws InterruptedException {
    SpoolReply.number(id, ask("release output of " + id, spool.release(id, upTo), NOTHING));
  }

  /** How far it is; {@code PROCESS_NOT_FOUND} when it was never started. */
  SpoolStatus status() throws InterruptedException {
    return SpoolReply.status(id, ask("ask for process " + id, spool.status(id), NOTHING));
  }

  /** Starts a follower and reads its answer; the stream that is left is the output itself. */
  private InputStream follow(SpoolStream stream, long offset) throws InterruptedException {
    String attempt = "read the output of process " + id;
    if (offset < 0) {
      throw AgentRuntimeException.invalid("offset", "0 or more, not " + offset);
    }
    Container.Running running =
        container.start(attempt, new ExecCommand(spool.follow(id, stream, offset, true), Map.of()));
    boolean followed = false;
    try {
      String line =
          container.guarded(attempt, () -> SpoolReply.readLine(running.streams().stdout()));
      if (line.isEmpty()) {
        throw container.failure(attempt, running.streams().errors());
      }
      SpoolReply.followed(id, line);
      running.streams().neverTimeOut();
      followed = true;
      return new FollowedOutput(container, running);
    } finally {
      if (!followed) {
        running.close();
      }
    }
  }

  private static Duration shorter(Duration one, Duration other) {
    return one.compareTo(other) < 0 ? one : other;
  }

  private String ask(String attempt, List<String> command, byte[] input)
      throws InterruptedException {
    Container.Output output = shells.run(attempt, command, input);
    if (output.code() != 0) {
      throw container.failure(attempt, output.errors());
    }
    return output.text();
  }

  /** Output that is followed; its end is the process's end, or an error. */
  private static final class FollowedOutput extends InputStream {
    private final Container container;
    private final Container.Running running;
    private boolean ended;

    FollowedOutput(Container container, Container.Running running) {
      this.container = container;
      this.running = running;
    }

    @Override
    public int read() throws IOException {
      byte[] one = new byte[1];
      return read(one, 0, 1) < 0 ? -1 : one[0] & 0xff;
    }

    @Override
    public int read(byte[] into, int offset, int length) throws IOException {
      int count = ended ? -1 : running.streams().stdout().read(into, offset, length);
      if (count < 0 && !ended) {
        requireWhole();
        ended = true;
      }
      return count;
    }

    @Override
    public void close() {
      ended = true;
      running.close();
    }

    /** The same end of stream comes when the container or the engine ends. */
    private void requireWhole() throws IOException {
      try {
        int code = container.exitCode(running.execId());
        if (code != 0) {
          throw new IOException("the output was cut off: the follower ended with " + code);
        }
      } catch (AgentRuntimeException e) {
        throw new IOException("the output was cut off", e);
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
        throw new java.io.InterruptedIOException("interrupted");
      }
    }
  }
}
