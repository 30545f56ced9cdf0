// SPDX-License-Identifier: MIT

package io.agentruntime.scriptedmodel.play;

import java.time.Duration;
import java.util.Map;

/** One piece of a model message, with nothing left to decide. */
public sealed interface Beat {

  /** Text, cut into deltas, with a pause before each. */
  record Text(Iterable<String> chunks, Duration gap) implements Beat {}

  /** Ends the current text, so that the next text is a content block of its own. */
  record EndText() implements Beat {}

  /** Thinking, cut into deltas, with a pause before each. */
  record Thinking(Iterable<String> chunks, Duration gap) implements Beat {}

  /**
   * A tool call.
   *
   * @param codePoints how long a piece of its input may be
   */
  record ToolUse(String name, Map<String, Object> input, int codePoints, Duration gap)
      implements Beat {

    /** The deltas of the input, given how the wire format writes it. */
    public Iterable<String> chunks(String written) {
      return Chunks.of(written, codePoints);
    }
  }

  /** A pause. */
  record Wait(Duration duration) implements Beat {}

  /** A failure with this HTTP status; nothing follows. */
  record Fault(int status) implements Beat {}

  /** The connection breaks; nothing follows. */
  record Cut() implements Beat {}

  /** Silence until the client leaves; nothing follows. */
  record Hang() implements Beat {}
}
