// SPDX-License-Identifier: MIT

package io.agentruntime.spi.architecture;

import io.agentruntime.error.AgentRuntimeException;
import java.time.Duration;
import java.util.List;
import java.util.Objects;

/**
 * A command of the set-up; a non-zero exit fails the set-up with its last output.
 *
 * @param description for status messages, for instance {@code installing npm packages}
 * @param command program and arguments
 * @param workingDirectory absolute
 * @param timeout how long it may take
 */
public record SetupCommand(
    String description, List<String> command, String workingDirectory, Duration timeout) {
  /** Checks and copies. */
  public SetupCommand {
    Objects.requireNonNull(description, "description");
    command = List.copyOf(command);
    if (command.isEmpty()) {
      throw AgentRuntimeException.invalid("command", "a program");
    }
    Objects.requireNonNull(workingDirectory, "workingDirectory");
    Objects.requireNonNull(timeout, "timeout");
  }
}
