// SPDX-License-Identifier: MIT

package io.agentruntime.sandbox.modal;

import io.agentruntime.sandbox.support.ExecChannel;
import io.agentruntime.sandbox.support.ExecCommand;
import io.agentruntime.sandbox.support.Layout;
import io.agentruntime.sandbox.support.SpoolCalls;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/** The commands for processes; input is collected before a process gets it. */
record ModalSpoolCalls(ExecChannel channel) implements SpoolCalls {
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

  @Override
  public String write(String attempt, List<String> command, byte[] bytes)
      throws InterruptedException {
    List<String> arguments =
        new ArrayList<>(List.of(Layout.PATHS.scratch() + "/in", Integer.toString(bytes.length)));
    arguments.addAll(command);
    ExecCommand collect = ExecCommand.script(COLLECT, arguments.toArray(String[]::new));
    return channel.runWell(attempt, collect.endedAfter(LONGEST_COLLECTION), bytes).text();
  }
}
