// SPDX-License-Identifier: MIT

package io.agentruntime.sandbox.modal;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * A program to start in a sandbox.
 *
 * @param arguments program and arguments: no secrets, as everybody in the sandbox sees them
 * @param environment added to the sandbox's own
 * @param timeout after which Modal ends it, as nothing else tells it that its server is gone; null
 *     for a program that ends by itself
 */
record ExecCommand(
    List<String> arguments, Map<String, String> environment, @Nullable Duration timeout) {
  ExecCommand {
    arguments = List.copyOf(arguments);
    environment = Map.copyOf(environment);
  }

  /** A program that ends by itself. */
  static ExecCommand of(List<String> arguments) {
    return new ExecCommand(arguments, Map.of(), null);
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
    return of(all);
  }

  /** The same, ended after some time. */
  ExecCommand endedAfter(Duration time) {
    return new ExecCommand(arguments, environment, time);
  }

  @Override
  public String toString() {
    return "ExecCommand[" + arguments.getFirst() + "]";
  }
}
