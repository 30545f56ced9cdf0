// SPDX-License-Identifier: MIT

package io.agentruntime.core.state;

import io.agentruntime.model.conversation.ConversationMetadata;
import io.agentruntime.model.event.EventEnvelope;
import io.agentruntime.model.event.RangeEnd;
import io.agentruntime.model.event.RangeStart;
import io.agentruntime.model.event.SessionEvent;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The part of a session's fold that tells how far an agent process was understood: from where its
 * output must be read again after a crash, with which inputs, and which of the resulting events are
 * in the log already. One thread at a time.
 */
public final class RangeLog {
  /** Kind of the input that begins a process. */
  public static final String START = "start";

  /** Kind of the input that begins a turn. */
  public static final String TURN = "turn";

  private static final String PROCESS_PREFIX = "agent-";

  private @Nullable ProcessStart process;
  private @Nullable RangeStart range;
  private long stdoutOffset;
  private long stdinOffset;
  private @Nullable Map<String, Object> snapshot;
  private final List<SessionEvent.InputApplied> inputs = new ArrayList<>();
  private int highestIndex = EventEnvelope.NOT_PROTOCOL;
  private int lastIncarnation;

  /**
   * How a process was begun.
   *
   * @param processId its id in its sandbox
   * @param resume whether it continues a conversation
   * @param options the session's options it was started with
   * @param nativeId the agent's own session id at that time
   * @param metadata what the session had used at that time
   */
  public record ProcessStart(
      String processId,
      boolean resume,
      Map<String, Object> options,
      @Nullable String nativeId,
      ConversationMetadata metadata) {}

  public RangeLog copy() {
    RangeLog copy = new RangeLog();
    copy.process = process;
    copy.range = range;
    copy.stdoutOffset = stdoutOffset;
    copy.stdinOffset = stdinOffset;
    copy.snapshot = snapshot;
    copy.inputs.addAll(inputs);
    copy.highestIndex = highestIndex;
    copy.lastIncarnation = lastIncarnation;
    return copy;
  }

  /** The argument of a {@link #START} input. */
  public static Map<String, Object> startArgument(
      int incarnation, boolean resume, Map<String, Object> options) {
    return Map.of("processId", processId(incarnation), "resume", resume, "options", options);
  }

  /** The id of a session's n-th process. */
  public static String processId(int incarnation) {
    return PROCESS_PREFIX + incarnation;
  }

  void apply(EventEnvelope envelope, @Nullable String nativeId, ConversationMetadata metadata) {
    switch (envelope.event()) {
      case SessionEvent.InputApplied e when e.kind().equals(START) -> begin(e, nativeId, metadata);
      case SessionEvent.InputApplied e -> inputs.add(e);
      case SessionEvent.TurnStarted e -> range = e.range();
      case SessionEvent.TurnCompleted e -> end(e.end());
      case SessionEvent.TurnFailed e -> end(e.end());
      case SessionEvent.TurnInterrupted e -> end(e.end());
      default -> highestIndex = Math.max(highestIndex, envelope.indexInTurn());
    }
  }

  private void begin(
      SessionEvent.InputApplied start, @Nullable String nativeId, ConversationMetadata metadata) {
    String processId = String.valueOf(start.argument().get("processId"));
    Map<String, Object> options = new java.util.LinkedHashMap<>();
    if (start.argument().get("options") instanceof Map<?, ?> known) {
      known.forEach((key, value) -> options.put(String.valueOf(key), value));
    }
    process =
        new ProcessStart(
            processId,
            Boolean.TRUE.equals(start.argument().get("resume")),
            options,
            nativeId,
            metadata);
    lastIncarnation = Math.max(lastIncarnation, incarnation(processId));
    stdoutOffset = start.stdoutOffset();
    stdinOffset = start.stdinOffset();
    snapshot = null;
    highestIndex = EventEnvelope.NOT_PROTOCOL;
    inputs.clear();
    inputs.add(start);
  }

  private void end(@Nullable RangeEnd end) {
    inputs.clear();
    highestIndex = EventEnvelope.NOT_PROTOCOL;
    if (end == null) {
      // Without an end there was no process, or it is gone.
      process = null;
      range = null;
    } else {
      stdoutOffset = end.stdoutOffset();
      stdinOffset = end.stdinOffset();
      snapshot = end.protocol();
    }
  }

  /** The process whose output is not understood to its end, null when there is none. */
  public @Nullable ProcessStart process() {
    return process;
  }

  /** Where the last turn began, null when it had no process. */
  public @Nullable RangeStart range() {
    return range;
  }

  /** From which byte of its output the range must be read. */
  public long stdoutOffset() {
    return stdoutOffset;
  }

  /** Where the first byte of input of the range went. */
  public long stdinOffset() {
    return stdinOffset;
  }

  /** The protocol's state at that point; null when the range begins with the process. */
  public @Nullable Map<String, Object> snapshot() {
    return snapshot;
  }

  /** The inputs of the range, in order. */
  public List<SessionEvent.InputApplied> inputs() {
    return List.copyOf(inputs);
  }

  /** The index of the last of the range's protocol events that is in the log. */
  public int highestIndex() {
    return highestIndex;
  }

  /** The number of the newest process that the log knows, 0 when it knows none. */
  public int lastIncarnation() {
    return lastIncarnation;
  }

  /** Which message a {@link #TURN} input gave. */
  public static String messageId(SessionEvent.InputApplied input) {
    return String.valueOf(input.argument().get("messageId"));
  }

  public static int incarnation(String processId) {
    String digits =
        processId.startsWith(PROCESS_PREFIX) ? processId.substring(PROCESS_PREFIX.length()) : "";
    return digits.matches("[0-9]{1,9}") ? Integer.parseInt(digits) : 0;
  }
}
