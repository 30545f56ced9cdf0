// SPDX-License-Identifier: MIT

package io.agentruntime.scriptedmodel.play;

import java.util.List;
import java.util.Optional;

/**
 * The next model message.
 *
 * @param key names this reply: the same conversation asked for the same number of times gives the
 *     same key, on every run and every server
 * @param beats what it consists of
 * @param stopReason the stop reason that the script wants instead of the natural one
 */
public record Reply(String key, List<Beat> beats, Optional<String> stopReason) {

  public Reply {
    beats = List.copyOf(beats);
  }

  /** Whether the message ends with tool calls. */
  public boolean callsTools() {
    return beats.stream().anyMatch(Beat.ToolUse.class::isInstance);
  }
}
