// SPDX-License-Identifier: MIT

package io.agentruntime.sandbox.modal;

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
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** A process whose streams a supervisor in the sandbox keeps. Thread-safe. */
final class ModalProcess implements SandboxProcess {
  /** A waiting program outlives a server that dies: not for long. */
  private static final Duration LONGEST_WAIT = Duration.ofSeconds(15);

  private static final byte[] NOTHING = new byte[0];

  /**
   * $1: where to collect, $2: how many bytes, then the command that takes them. A program lives on
   * at Modal when the server that feeds it dies: if it waited for bytes with the lock of the
   * process's input, no other server could ever write.
   */
  private static final String COLLECT =
      """
      bytes=$(mktemp "$1.XXXXXX") || exit 1
      trap 'rm -f "$bytes"' EXIT
      head -c "$2" >"$bytes" || exit 1
      shift 2
      "$@" <"$bytes"
      """;

  private static final Duration LONGEST_COLLECTION = Duration.ofMinutes(5);

  private final Machine machine;
  private final SpoolCommands spool;
  private final ProcessId id;

  ModalProcess(Machine machine, SpoolCommands spool, ProcessId id) {
    this.machine = machine;
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
    List<String> arguments =
        new ArrayList<>(List.of(Layout.PATHS.scratch() + "/in", Integer.toString(bytes.length)));
    arguments.addAll(spool.writeStdin(id, offset, bytes.length));
    ExecCommand command =
        ExecCommand.script(COLLECT, arguments.toArray(String[]::new))
            .endedAfter(LONGEST_COLLECTION);
    return SpoolReply.number(id, machine.runWell("write to process " + id, command, bytes).text());
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
      Duration step = left.compareTo(LONGEST_WAIT) < 0 ? left : LONGEST_WAIT;
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
    SpoolReply.ok(id, ask("signal process " + id, spool.signal(id, signal), NOTHING));
  }

  @Override
  public void release(long upTo) throws InterruptedException {
    SpoolReply.number(id, ask("release output of " + id, spool.release(id, upTo), NOTHING));
  }

  /** How far it is; {@code PROCESS_NOT_FOUND} when it was never started. */
  SpoolStatus status() throws InterruptedException {
    return SpoolReply.status(id, ask("ask for process " + id, spool.status(id), NOTHING));
  }

  private InputStream follow(SpoolStream stream, long offset) throws InterruptedException {
    if (offset < 0) {
      throw AgentRuntimeException.invalid("offset", "0 or more, not " + offset);
    }
    FollowedOutput output = new FollowedOutput(machine, spool, id, stream, offset);
    output.begin();
    return output;
  }

  private String ask(String attempt, List<String> command, byte[] input)
      throws InterruptedException {
    return machine.runWell(attempt, ExecCommand.of(command), input).text();
  }
}
