// SPDX-License-Identifier: MIT

package io.agentruntime.spi.architecture;

import io.agentruntime.error.AgentRuntimeException;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;

/**
 * How an agent program is started.
 *
 * @param command program and arguments; the program's name is looked up in the sandbox's PATH
 * @param environment variables beside the credentials; values are secret
 * @param workingDirectory absolute
 * @param servesManyTurns whether one process serves many turns
 */
public record AgentProgram(
    List<String> command,
    Map<String, String> environment,
    String workingDirectory,
    boolean servesManyTurns) {
  /** Checks and copies. */
  public AgentProgram {
    command = List.copyOf(command);
    if (command.isEmpty()) {
      throw AgentRuntimeException.invalid("command", "a program");
    }
    environment = Collections.unmodifiableMap(new LinkedHashMap<>(environment));
    Objects.requireNonNull(workingDirectory, "workingDirectory");
  }

  @Override
  public String toString() {
    return "AgentProgram[" + command.getFirst() + "]";
  }
}
