// SPDX-License-Identifier: MIT

package io.agentruntime.spi.sandbox;

import io.agentruntime.error.AgentRuntimeException;
import java.util.List;
import java.util.Map;
import java.util.Objects;

/**
 * A program to run.
 *
 * @param id chosen by the caller
 * @param command program and arguments; never given to a shell
 * @param environment added to the sandbox's own; values are secret
 * @param workingDirectory absolute
 * @param spoolLimitBytes how much unreleased output is kept before the program blocks
 */
public record ProcessSpec(
    ProcessId id,
    List<String> command,
    Map<String, String> environment,
    String workingDirectory,
    long spoolLimitBytes) {
  /** The usual bound of unreleased output: 64 MiB. */
  public static final long DEFAULT_SPOOL_LIMIT = 64L << 20;

  /** Checks and copies. */
  public ProcessSpec {
    Objects.requireNonNull(id, "id");
    command = List.copyOf(command);
    environment = Variables.copy(environment);
    Objects.requireNonNull(workingDirectory, "workingDirectory");
    if (command.isEmpty()) {
      throw AgentRuntimeException.invalid("command", "a program");
    }
    if (spoolLimitBytes < 1) {
      throw AgentRuntimeException.invalid("spoolLimitBytes", "1 or more");
    }
  }

  @Override
  public String toString() {
    return "ProcessSpec[" + id + ", " + command.getFirst() + "]";
  }
}
