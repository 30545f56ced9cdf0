// SPDX-License-Identifier: MIT

package io.agentruntime.architecture.claude;

import io.agentruntime.model.turn.TurnOutcome;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * When a turn is over, and how it ended.
 *
 * <p>Results cannot be counted: a message that was given to a running turn may be folded into it
 * (one result for both) or run after it (a result each), and the program runs turns of its own when
 * background tasks end. So each message is followed by its id from written to handled, a result
 * decides the outcome only of the messages it covers, and the turn is over when none is left and
 * the program says that it is idle, which it does after background subagents have ended too.
 *
 * <p>Confined to its protocol.
 */
final class TurnState {
  private enum Delivery {
    WRITTEN,
    QUEUED,
    STARTED
  }

  private final Map<String, Delivery> messages = new LinkedHashMap<>();
  private boolean running;
  private boolean interrupting;
  private boolean interruptedWhileHeld;
  private @Nullable TurnOutcome held;

  /** Whether the program tells of each message's progress; known once it did. */
  private boolean lifecycleSeen;

  /** Whether the program says when it is idle; known once it said anything of the kind. */
  private boolean stateSeen;

  TurnState(Map<String, Object> snapshot) {
    lifecycleSeen = Boolean.TRUE.equals(snapshot.get("lifecycleSeen"));
    stateSeen = Boolean.TRUE.equals(snapshot.get("stateSeen"));
    running = Boolean.TRUE.equals(snapshot.get("running"));
  }

  void snapshot(Map<String, Object> into) {
    into.put("lifecycleSeen", lifecycleSeen);
    into.put("stateSeen", stateSeen);
    into.put("running", running);
  }

  boolean isRunning() {
    return running;
  }

  boolean isInterrupting() {
    return interrupting;
  }

  /** A message was written to the program. */
  void written(String messageId) {
    running = true;
    messages.put(messageId, Delivery.WRITTEN);
  }

  /** The program was asked to stop. */
  void interrupt() {
    interrupting = true;
    interruptedWhileHeld |= held != null && messages.isEmpty();
  }

  /** The program tells of a message's progress. */
  void lifecycle(String messageId, String state) {
    lifecycleSeen = true;
    Delivery delivery = messages.get(messageId);
    if (delivery == null) {
      return;
    }
    switch (state) {
      case "queued" -> messages.put(messageId, Delivery.QUEUED);
      case "started", "completed" -> messages.put(messageId, Delivery.STARTED);
      case "cancelled" -> {
        if (delivery != Delivery.STARTED) {
          withdrawn(messageId);
        }
      }
      default -> {
        // An unknown state changes nothing; the result still covers the message.
      }
    }
  }

  private void withdrawn(String messageId) {
    messages.remove(messageId);
    if (messages.isEmpty() && held == null) {
      held = new TurnOutcome.Interrupted();
    }
  }

  /**
   * The program reports the end of one of its own turns.
   *
   * @param covered the messages it says it answered
   * @param beforeAnyTurn whether it failed before it could begin
   * @param outcome how that turn ended
   * @return the outcome if the core's turn is over
   */
  @Nullable TurnOutcome result(
      Collection<String> covered, boolean beforeAnyTurn, TurnOutcome outcome) {
    if (!running) {
      return null;
    }
    boolean covers = !messages.isEmpty() && (beforeAnyTurn || !lifecycleSeen);
    if (covers) {
      messages.clear();
    } else {
      covers = messages.keySet().removeAll(covered);
      covers |= messages.values().removeIf(delivery -> delivery == Delivery.STARTED);
    }
    if (covers || (held != null && outcome instanceof TurnOutcome.Failed)) {
      held = outcome;
    }
    return stateSeen ? null : over();
  }

  /** The program says what it does now. */
  @Nullable TurnOutcome state(String state) {
    stateSeen = true;
    return state.equals("idle") ? over() : null;
  }

  private @Nullable TurnOutcome over() {
    if (!running || held == null || !messages.isEmpty()) {
      return null;
    }
    TurnOutcome outcome =
        interruptedWhileHeld && held instanceof TurnOutcome.Completed
            ? new TurnOutcome.Interrupted()
            : held;
    end();
    return outcome;
  }

  /** The process is gone; how the turn ended if that was known before. */
  @Nullable TurnOutcome exited() {
    @Nullable TurnOutcome known = over();
    if (known == null && running && interrupting) {
      known = new TurnOutcome.Interrupted();
    }
    return known;
  }

  void end() {
    messages.clear();
    running = false;
    interrupting = false;
    interruptedWhileHeld = false;
    held = null;
  }
}
