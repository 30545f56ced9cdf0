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

/** Runs one-off commands in sandboxes and waits for them. Thread-safe. */
public final class CommandRunner {
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
    try (InputStream out = process.stdout(0)) {
      byte[] bytes = out.readNBytes(MAX_OUTPUT);
      Optional<ExitStatus> exit = process.awaitExit(timeout);
      if (exit.isEmpty() || !exit.get().success()) {
        process.signal(ProcessSignal.KILL);
        throw new AgentRuntimeException(
            StandardError.SETUP_FAILED, command.getFirst() + " failed: " + tail(process));
      }
      return bytes;
    } catch (IOException e) {
      throw new AgentRuntimeException(
          StandardError.SANDBOX_UNAVAILABLE, "reading the output of " + command.getFirst(), e);
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
