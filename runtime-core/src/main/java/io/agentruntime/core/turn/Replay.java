// SPDX-License-Identifier: MIT

package io.agentruntime.core.turn;

import io.agentruntime.model.event.EventEnvelope;
import io.agentruntime.model.event.SessionEvent.InputApplied;
import java.util.ArrayDeque;
import java.util.Base64;
import java.util.Deque;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What must be done again to a protocol so that it stands where it stood before a crash: the
 * journaled inputs, each at the offset of output at which it was applied. Inputs that come in
 * meanwhile wait behind them. Confined to the session's actor.
 */
public final class Replay {
  /** Kind of an input with which the protocol answers a line; it comes again with that line. */
  public static final String REPLY = "reply";

  private final Deque<InputApplied> journaled;
  private final Deque<Waiting> waiting = new ArrayDeque<>();
  private final int known;
  private int repeated = EventEnvelope.NOT_PROTOCOL;

  private record Waiting(long from, Runnable input) {}

  /**
   * A replay.
   *
   * @param journaled the inputs in the log, in order
   * @param known the index of the last protocol event in the log
   */
  public Replay(List<InputApplied> journaled, int known) {
    this.journaled = new ArrayDeque<>(journaled);
    this.known = known;
  }

  /** Nothing has to be done again. */
  public static Replay none() {
    return new Replay(List.of(), EventEnvelope.NOT_PROTOCOL);
  }

  /** Takes a protocol event as repeated; whether the log has it already. */
  public boolean knows(int index) {
    repeated = Math.max(repeated, index);
    return index <= known;
  }

  /** Whether no input is left to be applied, and all that the log has was said again. */
  public boolean done() {
    return journaled.isEmpty() && waiting.isEmpty() && saidAgain();
  }

  /**
   * Whether the protocol knows what it knew when the log was written. Before that, it has not heard
   * yet what a new input is about, such as an answer to its own question.
   */
  private boolean saidAgain() {
    return repeated >= known;
  }

  /**
   * Keeps a new input until everything before it was applied.
   *
   * @param from how much output must have been decoded
   * @param input applies it
   */
  public void later(long from, Runnable input) {
    waiting.addLast(new Waiting(from, input));
  }

  /** The next journaled input to repeat now that so much output was decoded; null for none. */
  public @Nullable InputApplied due(long decoded) {
    InputApplied next = journaled.peekFirst();
    if (next == null || next.kind().equals(REPLY) || next.stdoutOffset() > decoded) {
      return null;
    }
    return journaled.removeFirst();
  }

  /** The journaled form of what the protocol answers to a line; null when it is new. */
  public @Nullable InputApplied reply(long decoded) {
    InputApplied next = journaled.peekFirst();
    return next != null && next.kind().equals(REPLY) && next.stdoutOffset() == decoded
        ? journaled.removeFirst()
        : null;
  }

  /** The next new input that may be applied now; null for none. */
  public @Nullable Runnable next(long decoded) {
    Waiting next = waiting.peekFirst();
    if (!journaled.isEmpty() || !saidAgain() || next == null || next.from() > decoded) {
      return null;
    }
    return waiting.removeFirst().input();
  }

  /** The bytes that an input wrote. */
  public static byte[] stdin(InputApplied input) {
    return Base64.getDecoder().decode(input.stdin());
  }
}
