// SPDX-License-Identifier: MIT

package io.agentruntime.testkit.sandbox;

import io.agentruntime.error.AgentRuntimeException;
import io.agentruntime.error.StandardError;
import io.agentruntime.spi.sandbox.ExitStatus;
import io.agentruntime.spi.sandbox.ProcessId;
import io.agentruntime.spi.sandbox.ProcessSignal;
import io.agentruntime.spi.sandbox.ProcessSpec;
import io.agentruntime.spi.sandbox.SandboxProcess;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.jspecify.annotations.Nullable;

/** A {@link FakeProgram} that runs or ran. Thread-safe. */
final class FakeProcess implements SandboxProcess {
  private static final int EXIT_THROWN = 70;
  private static final int EXIT_NOT_FOUND = 127;

  private final FakeSandbox sandbox;
  private final ProcessSpec spec;
  private final FakeSpool in = new FakeSpool(Long.MAX_VALUE);
  private final FakeSpool out;
  private final FakeSpool err = new FakeSpool(Long.MAX_VALUE);
  private final CompletableFuture<ExitStatus> exit = new CompletableFuture<>();
  private final Map<ProcessSignal, Runnable> handlers = new EnumMap<>(ProcessSignal.class);
  private final Map<Thread, List<String>> threads = new LinkedHashMap<>();
  private final InputStream stdin = in.follow(0);

  FakeProcess(FakeSandbox sandbox, ProcessSpec spec) {
    this.sandbox = sandbox;
    this.spec = spec;
    this.out = new FakeSpool(spec.spoolLimitBytes());
  }

  void begin() {
    run(spec.command(), true);
  }

  private synchronized void run(List<String> command, boolean main) {
    Thread thread =
        Thread.ofVirtual()
            .name("fake-" + spec.id() + "-" + command.getFirst())
            .unstarted(() -> execute(command, main));
    threads.put(thread, command);
    thread.start();
  }

  private void execute(List<String> command, boolean main) {
    int code;
    try {
      FakeProgram program = sandbox.program(command.getFirst());
      if (program == null) {
        complain("no program " + command.getFirst());
        code = EXIT_NOT_FOUND;
      } else {
        code = program.run(new FakeMachine(this, command, sandbox.files()));
      }
    } catch (IOException | InterruptedException | RuntimeException e) {
      complain(e.toString());
      code = EXIT_THROWN;
    } finally {
      synchronized (this) {
        threads.remove(Thread.currentThread());
      }
    }
    if (main) {
      end(code);
    }
  }

  private void complain(String text) {
    try {
      stderrOfProgram().write((text + "\n").getBytes(StandardCharsets.UTF_8));
    } catch (IOException e) {
      // The program was interrupted, and nobody is left to tell.
      Thread.currentThread().interrupt();
    }
  }

  private void end(int code) {
    if (exit.complete(new ExitStatus(code))) {
      out.end();
      err.end();
    }
  }

  private synchronized void interruptAll() {
    threads.keySet().forEach(Thread::interrupt);
  }

  /** The sandbox ends: so does everything in it. */
  void lose(String reason) {
    out.lose(reason);
    err.lose(reason);
    interruptAll();
    end(137);
  }

  // --- what the program sees ---

  ProcessSpec spec() {
    return spec;
  }

  Map<String, String> environment() {
    return sandbox.environmentOf(spec);
  }

  InputStream stdinOfProgram() {
    return stdin;
  }

  OutputStream stdoutOfProgram() {
    return out.appender();
  }

  OutputStream stderrOfProgram() {
    return err.appender();
  }

  synchronized void handle(ProcessSignal signal, Runnable handler) {
    handlers.put(signal, handler);
  }

  void spawn(List<String> command) {
    run(command, false);
  }

  List<List<String>> runningCommandsOfSandbox() {
    return sandbox.runningCommands();
  }

  int countRunning(String argument) {
    return sandbox.countRunning(argument);
  }

  synchronized List<List<String>> runningCommands() {
    return new ArrayList<>(threads.values());
  }

  // --- the contract ---

  @Override
  public ProcessId id() {
    return spec.id();
  }

  @Override
  public InputStream stdout(long offset) {
    sandbox.requireAlive();
    return out.follow(offset);
  }

  @Override
  public InputStream stderr(long offset) {
    sandbox.requireAlive();
    return err.follow(offset);
  }

  @Override
  public synchronized long writeStdin(long offset, byte[] bytes) throws InterruptedException {
    sandbox.requireAlive();
    sandbox.faults().before(FakeOperation.WRITE_STDIN);
    long length = in.length();
    if (offset > length) {
      throw new AgentRuntimeException(
          StandardError.OFFSET_MISMATCH,
          "standard input of process " + id() + " ends at " + length + ", before " + offset);
    }
    int known = (int) Math.min(bytes.length, length - offset);
    if (known == bytes.length) {
      return length;
    }
    if (in.isEnded()) {
      throw new AgentRuntimeException(
          StandardError.CLOSED, "standard input of process " + id() + " ended at " + length);
    }
    try {
      in.write(bytes, known, bytes.length - known);
    } catch (IOException e) {
      throw new InterruptedException(e.getMessage());
    }
    return in.length();
  }

  @Override
  public void closeStdin() {
    sandbox.requireAlive();
    in.end();
  }

  @Override
  public Optional<ExitStatus> exit() {
    sandbox.requireAlive();
    return Optional.ofNullable(exit.getNow(null));
  }

  @Override
  public Optional<ExitStatus> awaitExit(Duration timeout) throws InterruptedException {
    sandbox.requireAlive();
    try {
      ExitStatus status = exit.get(TimeUnit.NANOSECONDS.convert(timeout), TimeUnit.NANOSECONDS);
      sandbox.requireAlive();
      return Optional.of(status);
    } catch (TimeoutException e) {
      return Optional.empty();
    } catch (ExecutionException e) {
      throw new IllegalStateException("an exit is never completed exceptionally", e);
    }
  }

  @Override
  public void signal(ProcessSignal signal) {
    sandbox.requireAlive();
    @Nullable Runnable handler;
    synchronized (this) {
      handler = signal == ProcessSignal.KILL ? null : handlers.get(signal);
    }
    if (handler != null) {
      handler.run();
      return;
    }
    end(
        switch (signal) {
          case INT -> 130;
          case TERM -> 143;
          case KILL -> 137;
        });
    interruptAll();
  }

  @Override
  public void release(long upTo) {
    sandbox.requireAlive();
    out.release(upTo);
  }
}
