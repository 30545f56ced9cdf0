// SPDX-License-Identifier: MIT

package io.agentruntime.scriptedmodel.script;

import java.time.Duration;
import java.util.List;

/** One step of a script. {@link Calls} ends a model message; all others add to the current one. */
public sealed interface Step {

  /** Says a text. */
  record Say(String text) implements Step {}

  /** Ends the current text, so that the next one is a content block of its own. */
  record End() implements Step {}

  /** Thinks a text. */
  record Think(String text) implements Step {}

  /** Says numbered pieces with a pause before each. */
  record Slow(int chunks, Duration gap) implements Step {}

  /** Sets how texts and tool inputs after it are cut into deltas, until the end of the script. */
  record Pace(int codePoints, Duration gap) implements Step {}

  /** Waits; as the first step of a message even the response's head waits. */
  record Wait(Duration duration) implements Step {}

  /** Calls one tool, or several at once; their results begin the next model message. */
  record Calls(List<ToolCall> calls) implements Step {
    public Calls {
      calls = List.copyOf(calls);
    }
  }

  /** Says all earlier user texts of the conversation. */
  record Recall() implements Step {}

  /** Says what the latest user message holds: texts, and images with type, size and hash. */
  record Look() implements Step {}

  /** Says whether a text stands in the instructions given to the model (not in user messages). */
  record Find(String needle) implements Step {}

  /** Says which tools the model was offered. */
  record Tools() implements Step {}

  /** Says what the latest tool call returned. */
  record Result() implements Step {}

  /**
   * Fails: as the first step of a model message with an HTTP status, later with an error event in
   * the stream.
   *
   * @param times how often this same request fails before it goes on with the next step; 0 = always
   */
  record Fault(int status, int times) implements Step {}

  /** Breaks the connection off; {@code times} as in {@link Fault}. */
  record Cut(int times) implements Step {}

  /** Sends nothing more until the client leaves; {@code times} as in {@link Fault}. */
  record Hang(int times) implements Step {}

  /** Ends the current model message with this stop reason, in the vendor's word. */
  record Stop(String reason) implements Step {}
}
