// SPDX-License-Identifier: MIT

package io.agentruntime.sandbox.support;

import java.time.Duration;
import java.util.List;

/**
 * How the short commands that drive processes get into a sandbox. A provider overrides what it can
 * do better than by one program per command. Thread-safe.
 */
@FunctionalInterface
public interface SpoolCalls {
  /** Where they go. */
  ExecChannel channel();

  /**
   * Runs a command that may be run twice.
   *
   * @return what it printed
   */
  default String ask(String attempt, List<String> command, byte[] input)
      throws InterruptedException {
    return channel().runWell(attempt, ExecCommand.of(command), input).text();
  }

  /** Runs a command that must not be run twice, and has no input. */
  default String askOnce(String attempt, List<String> command) throws InterruptedException {
    return channel().runWell(attempt, ExecCommand.of(command), new byte[0]).text();
  }

  /** Runs a command that takes bytes for a process, and may be run twice. */
  default String write(String attempt, List<String> command, byte[] bytes)
      throws InterruptedException {
    return ask(attempt, command, bytes);
  }

  /** How long a command may wait: not for long, as it outlives a server that dies. */
  default Duration longestWait() {
    return Duration.ofSeconds(15);
  }
}
