// SPDX-License-Identifier: MIT

package io.agentruntime.support.spool;

import io.agentruntime.spi.sandbox.ProcessId;
import io.agentruntime.spi.sandbox.ProcessSignal;
import io.agentruntime.spi.sandbox.ProcessSpec;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;

/**
 * The commands of the {@link SpoolScript} as program and arguments, to be run inside a sandbox as
 * the user that runs its processes. None of them is meant for a shell: arguments may hold any
 * character. Each prints one line, which {@link SpoolReply} reads.
 *
 * @param script absolute path of the script in the sandbox
 * @param root absolute path of a folder for the spools, below which every process has its own
 */
public record SpoolCommands(String script, String root) {
  /** Checks. */
  public SpoolCommands {
    Objects.requireNonNull(script, "script");
    Objects.requireNonNull(root, "root");
  }

  /** The spool folder of a process. */
  public String folder(ProcessId id) {
    return root + "/" + id;
  }

  /**
   * Starts a process once; answered by {@code ok}. The command must run with exactly the
   * environment that the program is to have: it hands its own on, so that no value ever stands in a
   * list of arguments, which other users of a machine can read.
   */
  public List<String> start(ProcessSpec spec) {
    List<String> command =
        command("start", spec.id(), Long.toString(spec.spoolLimitBytes()), spec.workingDirectory());
    command.addAll(spec.command());
    return command;
  }

  /** Appends to standard input {@code length} bytes, which the command reads from its own. */
  public List<String> writeStdin(ProcessId id, long offset, int length) {
    return command("write-stdin", id, Long.toString(offset), Integer.toString(length));
  }

  /** Ends standard input. */
  public List<String> closeStdin(ProcessId id) {
    return command("close-stdin", id);
  }

  /**
   * Follows an output: after the line of the answer come the bytes, until the process has ended and
   * all were sent.
   *
   * @param tied whether to end also when the command's own standard input ends: the way to stop a
   *     follower whose reader is gone, where the backend does not do that
   */
  public List<String> follow(ProcessId id, SpoolStream stream, long offset, boolean tied) {
    List<String> command = command("follow", id, stream.fileName(), Long.toString(offset));
    if (tied) {
      command.add("tied");
    }
    return command;
  }

  /** Asks for lengths and exit code; see {@link SpoolReply#status}. */
  public List<String> status(ProcessId id) {
    return command("status", id);
  }

  /** As {@link #status}, but not before the process has ended or the time is over. */
  public List<String> await(ProcessId id, Duration timeout) {
    long millis = Math.max(1, timeout.toMillis());
    return command("wait", id, "%d.%03d".formatted(millis / 1000, millis % 1000));
  }

  /** Sends a signal to a process and all its descendants. */
  public List<String> signal(ProcessId id, ProcessSignal signal) {
    return command("signal", id, signal.name());
  }

  /** Gives standard output before an offset back. */
  public List<String> release(ProcessId id, long upTo) {
    return command("release", id, Long.toString(upTo));
  }

  private List<String> command(String name, ProcessId id, String... arguments) {
    List<String> command = new ArrayList<>(List.of("/bin/sh", script, name, folder(id)));
    command.addAll(List.of(arguments));
    return command;
  }
}
