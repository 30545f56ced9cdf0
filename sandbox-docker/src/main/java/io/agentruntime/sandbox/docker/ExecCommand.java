// SPDX-License-Identifier: MIT

package io.agentruntime.sandbox.docker;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/**
 * A program to start in a container.
 *
 * @param arguments program and arguments; the engine shows them to whoever may ask it: no secrets
 * @param environment added to the image's; the engine does not show it
 */
record ExecCommand(List<String> arguments, Map<String, String> environment) {
  ExecCommand {
    arguments = List.copyOf(arguments);
    environment = Map.copyOf(environment);
  }

  /**
   * A shell script.
   *
   * @param script run with {@code sh -c}
   * @param arguments its {@code $1} and so on
   */
  static ExecCommand script(String script, String... arguments) {
    List<String> all = new ArrayList<>(List.of("sh", "-c", script, "sandbox"));
    all.addAll(List.of(arguments));
    return new ExecCommand(all, Map.of());
  }

  /** The same with an environment. */
  ExecCommand with(Map<String, String> variables) {
    return new ExecCommand(arguments, variables);
  }

  @Override
  public String toString() {
    return "ExecCommand[" + arguments.getFirst() + "]";
  }
}
