// SPDX-License-Identifier: MIT

package io.agentruntime.sandbox.support;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * A program to start in a sandbox.
 *
 * @param arguments program and arguments: no secrets, as everybody in the sandbox sees them
 * @param environment added to what every program there has; may be secret
 * @param timeout after which the channel ends the program, where it knows how to, as nothing else
 *     tells it that its server is gone; null for a program that ends by itself
 */
public record ExecCommand(
    List<String> arguments, Map<String, String> environment, @Nullable Duration timeout) {
  /** Copies. */
  public ExecCommand {
    arguments = List.copyOf(arguments);
    environment = Map.copyOf(environment);
  }

  /** A program that ends by itself. */
  public static ExecCommand of(List<String> arguments) {
    return new ExecCommand(arguments, Map.of(), null);
  }

  /**
   * A shell script.
   *
   * @param script run with {@code sh -c}
   * @param arguments its {@code $1} and so on
   */
  public static ExecCommand script(String script, String... arguments) {
    List<String> all = new ArrayList<>(List.of("sh", "-c", script, "sandbox"));
    all.addAll(List.of(arguments));
    return of(all);
  }

  /** The same, ended after some time. */
  public ExecCommand endedAfter(Duration time) {
    return new ExecCommand(arguments, environment, time);
  }

  /** Without arguments, some of which may be long, and without the environment. */
  @Override
  public String toString() {
    return "ExecCommand[" + arguments.getFirst() + "]";
  }
}
