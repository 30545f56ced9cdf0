package io.agentruntime.scriptedmodel.play;

import java.time.Duration;
import java.util.List;
import java.util.Map;

/** One piece of a model message, with nothing left to decide. */
public sealed interface Beat {

  /** Text, cut into deltas, with a pause before each. */
  record Text(List<String> chunks, Duration gap) implements Beat {
    public Text {
      chunks = List.copyOf(chunks);
    }
  }

  /** Ends the current text, so that the next text is a content block of its own. */
  record EndText() implements Beat {}

  /** Thinking, cut into deltas, with a pause before each. */
  record Thinking(List<String> chunks, Duration gap) implements Beat {
    public Thinking {
      chunks = List.copyOf(chunks);
    }
  }

  /**
   * A tool call.
   *
   * @param codePoints how long a piece of its input may be
   */
  record ToolUse(String name, Map<String, Object> input, int codePoints, Duration gap)
      implements Beat {}

  /** A pause. */
  record Wait(Duration duration) implements Beat {}

  /** A failure with this HTTP status; nothing follows. */
  record Fault(int status) implements Beat {}

  /** The connection breaks; nothing follows. */
  record Cut() implements Beat {}

  /** Silence until the client leaves; nothing follows. */
  record Hang() implements Beat {}
}
