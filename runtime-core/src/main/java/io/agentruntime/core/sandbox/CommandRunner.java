// SPDX-License-Identifier: MIT

package io.agentruntime.core.sandbox;

import io.agentruntime.error.AgentRuntimeException;
import io.agentruntime.error.StandardError;
import io.agentruntime.spi.architecture.SetupCommand;
import io.agentruntime.spi.sandbox.ExitStatus;
import io.agentruntime.spi.sandbox.ProcessId;
import io.agentruntime.spi.sandbox.ProcessSignal;
import io.agentruntime.spi.sandbox.ProcessSpec;
import io.agentruntime.spi.sandbox.Sandbox;
import io.agentruntime.spi.sandbox.SandboxProcess;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Runs one-off commands in sandboxes and waits for them. Thread-safe. */
public final class CommandRunner {
  private static final Logger log = LoggerFactory.getLogger(CommandRunner.class);
  private static final int TAIL = 4_000;
  private static final int MAX_OUTPUT = 256 << 20;

  /** A runner. */
  public CommandRunner() {}

  /**
   * Runs a command of a set-up.
   *
   * @throws AgentRuntimeException {@code SETUP_FAILED} with the end of its output
   */
  public void run(Sandbox sandbox, SetupCommand command, Map<String, String> environment)
      throws InterruptedException {
    SandboxProcess process =
        start(sandbox, command.command(), environment, command.workingDirectory());
    Optional<ExitStatus> exit = process.awaitExit(command.timeout());
    if (exit.isEmpty()) {
      process.signal(ProcessSignal.KILL);
      throw failed(command, "took longer than " + command.timeout().toSeconds() + " s", process);
    }
    if (!exit.get().success()) {
      throw failed(command, "ended with exit code " + exit.get().code(), process);
    }
  }

  /**
   * Runs a command for what it prints.
   *
   * @throws AgentRuntimeException {@code SETUP_FAILED} when it fails or takes too long
   */
  public byte[] output(
      Sandbox sandbox, List<String> command, Map<String, String> environment, Duration timeout)
      throws InterruptedException {
    SandboxProcess process = start(sandbox, command, environment, sandbox.paths().workspace());
    long deadline = System.nanoTime() + timeout.toNanos();
    try (InputStream out = process.stdout(0)) {
      // A program may print for ever, or nothing and never end: reading is ended with it.
      Thread watchdog = Thread.ofVirtual().start(() -> endAfter(process, out, timeout));
      try {
        byte[] bytes = out.readNBytes(MAX_OUTPUT);
        if (bytes.length == MAX_OUTPUT && out.read() >= 0) {
          throw failed(command, "printed more than " + MAX_OUTPUT + " bytes", process);
        }
        Duration left = Duration.ofNanos(Math.max(0, deadline - System.nanoTime()));
        ExitStatus exit =
            process
                .awaitExit(left)
                .orElseThrow(() -> failed(command, "took longer than " + timeout, process));
        if (!exit.success()) {
          String what = System.nanoTime() < deadline ? "" : " after " + timeout;
          throw failed(command, "ended with exit code " + exit.code() + what, process);
        }
        return bytes;
      } finally {
        watchdog.interrupt();
      }
    } catch (IOException e) {
      if (System.nanoTime() >= deadline) {
        throw failed(command, "took longer than " + timeout, process);
      }
      throw new AgentRuntimeException(
          StandardError.SANDBOX_UNAVAILABLE, "reading the output of " + command.getFirst(), e);
    } catch (AgentRuntimeException e) {
      kill(process);
      throw e;
    }
  }

  private static void endAfter(SandboxProcess process, InputStream out, Duration timeout) {
    try {
      if (process.awaitExit(timeout).isEmpty()) {
        kill(process);
        out.close();
      }
    } catch (InterruptedException e) {
      // It ended in time.
      Thread.currentThread().interrupt();
    } catch (IOException | AgentRuntimeException e) {
      log.info("a command in a sandbox cannot be watched: {}", e.getMessage());
    }
  }

  private static void kill(SandboxProcess process) throws InterruptedException {
    try {
      process.signal(ProcessSignal.KILL);
    } catch (AgentRuntimeException e) {
      log.info("a command in a sandbox cannot be ended: {}", e.getMessage());
    }
  }

  private static AgentRuntimeException failed(
      List<String> command, String what, SandboxProcess process) {
    return new AgentRuntimeException(
        StandardError.SETUP_FAILED, command.getFirst() + " " + what + ": " + errors(process));
  }

  private static String errors(SandboxProcess process) {
    try {
      return tail(process);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return "(interrupted)";
    }
  }

  /** The end of a process's standard error, for messages. */
  public static String tail(SandboxProcess process) throws InterruptedException {
    try (InputStream err = process.stderr(0)) {
      byte[] end = new byte[0];
      byte[] buffer = new byte[TAIL];
      for (int n = err.read(buffer); n >= 0; n = err.read(buffer)) {
        byte[] joined = Arrays.copyOf(end, end.length + n);
        System.arraycopy(buffer, 0, joined, end.length, n);
        end = Arrays.copyOfRange(joined, Math.max(0, joined.length - TAIL), joined.length);
      }
      return new String(end, StandardCharsets.UTF_8).strip();
    } catch (IOException | AgentRuntimeException e) {
      return "(its error output cannot be read: " + e.getMessage() + ")";
    }
  }

  private static SandboxProcess start(
      Sandbox sandbox, List<String> command, Map<String, String> environment, String directory)
      throws InterruptedException {
    SandboxProcess process =
        sandbox.start(
            new ProcessSpec(
                new ProcessId("command-" + UUID.randomUUID()),
                command,
                environment,
                directory,
                ProcessSpec.DEFAULT_SPOOL_LIMIT));
    process.closeStdin();
    return process;
  }

  private static AgentRuntimeException failed(
      SetupCommand command, String what, SandboxProcess process) throws InterruptedException {
    return new AgentRuntimeException(
        StandardError.SETUP_FAILED, command.description() + " " + what + ": " + tail(process));
  }
}
