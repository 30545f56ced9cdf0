// SPDX-License-Identifier: MIT

package io.agentruntime.core.turn;

import io.agentruntime.core.session.QueuedMessage;
import io.agentruntime.model.turn.TurnId;
import java.time.Duration;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/** The turn that a session is busy with. Confined to the actor. */
public final class ActiveTurn {
  private final QueuedMessage message;
  private final Instant since;
  private final long startedNanos;
  private boolean begun;
  private boolean given;
  private boolean interrupted;
  private boolean asked;
  private int escalation;
  private Duration grace = Duration.ZERO;
  private long escalateAt = Long.MAX_VALUE;
  private @Nullable String failureCode;

  ActiveTurn(QueuedMessage message, Instant since) {
    this(message, since, System.nanoTime());
  }

  private ActiveTurn(QueuedMessage message, Instant since, long startedNanos) {
    this.message = message;
    this.since = since;
    this.startedNanos = startedNanos;
  }

  /** A turn that an earlier server began. */
  static ActiveTurn resumed(QueuedMessage message, Instant since, Instant now) {
    long elapsed = Math.max(0, Duration.between(since, now).toNanos());
    ActiveTurn turn = new ActiveTurn(message, since, System.nanoTime() - elapsed);
    turn.begin();
    return turn;
  }

  QueuedMessage message() {
    return message;
  }

  public TurnId id() {
    return new TurnId(message.messageId().value());
  }

  public Instant since() {
    return since;
  }

  long startedNanos() {
    return startedNanos;
  }

  long durationMillis() {
    return (System.nanoTime() - startedNanos) / 1_000_000;
  }

  /** Whether its start is in the log. */
  public boolean begun() {
    return begun;
  }

  void begin() {
    begun = true;
  }

  /** The agent has its message: only what it says from now on can end the turn. */
  void given() {
    given = true;
  }

  boolean wasGiven() {
    return given;
  }

  /** The agent was asked to stop. */
  void asked() {
    asked = true;
  }

  boolean wasAsked() {
    return asked;
  }

  boolean interrupted() {
    return interrupted;
  }

  /** Takes it as interrupted; an agent that does not stop within the grace is signalled. */
  void interrupt(long now, Duration wished) {
    if (!interrupted || wished.compareTo(grace) < 0) {
      grace = wished;
      escalateAt = Math.min(escalateAt, now + wished.toNanos());
    }
    interrupted = true;
  }

  long escalateAt() {
    return escalateAt;
  }

  /** The next, stronger means: 1 to ask the process, 2 and more to end it. */
  int escalate(long now) {
    escalateAt = now + grace.toNanos();
    return ++escalation;
  }

  /** Why it counts as failed although it was stopped by an interrupt. */
  @Nullable String failureCode() {
    return failureCode;
  }

  void failWith(String code) {
    failureCode = code;
  }
}
