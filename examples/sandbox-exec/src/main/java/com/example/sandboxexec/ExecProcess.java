package com.example.sandboxexec;

import io.agentruntime.spi.sandbox.ExitStatus;
import io.agentruntime.spi.sandbox.ProcessId;
import io.agentruntime.spi.sandbox.ProcessSignal;
import io.agentruntime.spi.sandbox.SandboxProcess;
import io.agentruntime.support.spool.SpoolReply;
import io.agentruntime.support.spool.SpoolStream;
import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.InterruptedIOException;
import java.time.Duration;
import java.util.Optional;

// tag::process[]
/** A process behind the spool script, which does all the work. Thread-safe. */
final class ExecProcess implements SandboxProcess {
  /** Calls must not be interrupted by an idle connection. */
  private static final Duration LONGEST_WAIT = Duration.ofSeconds(20);

  private final ExecSandbox sandbox;
  private final ProcessId id;

  ExecProcess(ExecSandbox sandbox, ProcessId id) {
    this.sandbox = sandbox;
    this.id = id;
  }

  @Override
  public ProcessId id() {
    return id;
  }

  @Override
  public long writeStdin(long offset, byte[] bytes) throws InterruptedException {
    return SpoolReply.number(
        id, sandbox.spool(sandbox.spools().writeStdin(id, offset, bytes.length), bytes));
  }

  @Override
  public void closeStdin() throws InterruptedException {
    SpoolReply.number(id, sandbox.spool(sandbox.spools().closeStdin(id)));
  }

  @Override
  public Optional<ExitStatus> exit() throws InterruptedException {
    return SpoolReply.status(id, sandbox.spool(sandbox.spools().status(id))).exit();
  }

  // end::process[]

  @Override
  public Optional<ExitStatus> awaitExit(Duration timeout) throws InterruptedException {
    long deadline = System.nanoTime() + timeout.toNanos();
    Optional<ExitStatus> exit = exit();
    Duration left = timeout;
    while (exit.isEmpty() && left.isPositive()) {
      Duration wait = left.compareTo(LONGEST_WAIT) < 0 ? left : LONGEST_WAIT;
      exit = SpoolReply.status(id, sandbox.spool(sandbox.spools().await(id, wait))).exit();
      left = Duration.ofNanos(deadline - System.nanoTime());
    }
    return exit;
  }

  @Override
  public void signal(ProcessSignal signal) throws InterruptedException {
    SpoolReply.ok(id, sandbox.spool(sandbox.spools().signal(id, signal)));
  }

  @Override
  public void release(long upTo) throws InterruptedException {
    SpoolReply.number(id, sandbox.spool(sandbox.spools().release(id, upTo)));
  }

  @Override
  public InputStream stdout(long offset) throws InterruptedException {
    return follow(SpoolStream.OUT, offset);
  }

  @Override
  public InputStream stderr(long offset) throws InterruptedException {
    return follow(SpoolStream.ERR, offset);
  }

  private InputStream follow(SpoolStream stream, long offset) throws InterruptedException {
    // Tied to its standard input: ending a command here does not end it on another machine.
    Call call = sandbox.openSpool(sandbox.spools().follow(id, stream, offset, true));
    boolean followed = false;
    try {
      String answer = SpoolReply.readLine(call.output());
      if (answer.isEmpty()) {
        Machine.check(call);
      }
      SpoolReply.followed(id, answer);
      followed = true;
      return new Followed(call, sandbox);
    } catch (InterruptedIOException e) {
      Thread.interrupted();
      throw (InterruptedException) new InterruptedException("interrupted").initCause(e);
    } catch (IOException e) {
      throw Machine.unavailable("following process " + id, e);
    } finally {
      if (!followed) {
        call.close();
      }
    }
  }

  /** The bytes; their end is the program's only while the sandbox lives. */
  private static final class Followed extends FilterInputStream {
    private final Call call;
    private final ExecSandbox sandbox;

    Followed(Call call, ExecSandbox sandbox) {
      super(call.output());
      this.call = call;
      this.sandbox = sandbox;
    }

    @Override
    public int read() throws IOException {
      byte[] one = new byte[1];
      return read(one, 0, 1) < 0 ? -1 : one[0] & 0xff;
    }

    @Override
    public int read(byte[] buffer, int offset, int length) throws IOException {
      int count = in.read(buffer, offset, length);
      if (count < 0) {
        requireSandbox();
      }
      return count;
    }

    private void requireSandbox() throws IOException {
      try {
        if (call.end() != 0 || !sandbox.isAlive()) {
          throw new IOException("the sandbox was lost");
        }
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
        throw (IOException) new InterruptedIOException("interrupted while reading").initCause(e);
      } catch (RuntimeException e) {
        throw new IOException("the sandbox cannot be reached: " + e.getMessage(), e);
      }
    }
  }
}
