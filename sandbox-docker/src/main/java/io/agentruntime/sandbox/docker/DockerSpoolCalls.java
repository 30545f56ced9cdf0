// SPDX-License-Identifier: MIT

package io.agentruntime.sandbox.docker;

import io.agentruntime.sandbox.support.ExecChannel;
import io.agentruntime.sandbox.support.SpoolCalls;
import java.time.Duration;
import java.util.List;

/**
 * The commands for processes go through shells that are kept: but for those that must not be run
 * twice, as a shell may turn out to be gone.
 */
record DockerSpoolCalls(Container container, Shells shells) implements SpoolCalls {
  @Override
  public ExecChannel channel() {
    return container;
  }

  @Override
  public String ask(String attempt, List<String> command, byte[] input)
      throws InterruptedException {
    ExecChannel.Output output = shells.run(attempt, command, input);
    if (output.code() != 0) {
      throw container.failure(attempt, output.errors());
    }
    return output.text();
  }

  @Override
  public Duration longestWait() {
    Duration longest = SpoolCalls.super.longestWait();
    Duration patience = container.engine().patience();
    return patience.compareTo(longest) < 0 ? patience : longest;
  }
}
