// SPDX-License-Identifier: MIT

package io.agentruntime.core.turn;

import io.agentruntime.core.sandbox.PreparedSandbox;
import io.agentruntime.core.sandbox.SessionSandbox;
import io.agentruntime.core.session.QueuedMessage;
import io.agentruntime.core.state.RangeLog;
import io.agentruntime.core.state.SessionFold;
import io.agentruntime.core.state.SessionScope;
import io.agentruntime.error.AgentRuntimeException;
import io.agentruntime.error.StandardError;
import io.agentruntime.model.event.RangeStart;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Takes over the agent process that an earlier server drove, and lets its dialogue go on from where
 * the log ends. Owns what has to wait for that. Confined to the session's actor.
 */
public final class AgentTakeover {
  private static final Logger log = LoggerFactory.getLogger(AgentTakeover.class);

  private final SessionScope scope;
  private final SessionSandbox sandbox;
  private final TurnDriver driver;
  private final List<Runnable> waiting = new ArrayList<>();
  private boolean underWay;

  public AgentTakeover(SessionScope scope, SessionSandbox sandbox, TurnDriver driver) {
    this.scope = scope;
    this.sandbox = sandbox;
    this.driver = driver;
  }

  /** Takes a turn of an earlier server as this one's; {@link #begin} or {@link #lost} follows. */
  public void resume(SessionFold.OpenTurn open) {
    driver.resume(ActiveTurn.resumed(open.message(), open.since(), scope.clock().instant()));
  }

  /** Ends the resumed turn, which cannot go on. */
  public void lost(String reason) {
    driver.fail(new AgentRuntimeException(StandardError.SANDBOX_LOST, reason));
  }

  /** Does something at once, or, while a process is taken over, after that. */
  public void onceDone(Runnable action) {
    if (underWay) {
      waiting.add(action);
    } else {
      action.run();
    }
  }

  /** Goes on with a process. */
  public void begin(PreparedSandbox prepared, RangeLog range, RangeLog.ProcessStart process) {
    underWay = true;
    driver
        .processes()
        .find(
            prepared,
            range,
            process,
            (found, error) -> {
              if (found != null && sandbox.prepared() == prepared) {
                goOn(found, range);
              } else {
                failed(found, error);
              }
              done();
            });
  }

  private void done() {
    underWay = false;
    List<Runnable> due = List.copyOf(waiting);
    waiting.clear();
    due.forEach(Runnable::run);
  }

  private void failed(@Nullable AgentRun found, @Nullable AgentRuntimeException error) {
    if (found != null) {
      found.close();
    }
    ActiveTurn turn = driver.active();
    if (turn == null) {
      log.info("session {}: its idle agent is not taken over", scope.id(), error);
    } else if (!turn.begun()) {
      driver.processes().ensure();
    } else if (error != null) {
      driver.fail(error);
    } else {
      lost("its sandbox ended while it was taken over");
    }
  }

  private void goOn(AgentRun found, RangeLog range) {
    ActiveTurn turn = driver.active();
    boolean open = turn != null && turn.begun();
    if (!open && !found.servesManyTurns()) {
      found.close();
      if (turn != null) {
        driver.processes().ensure();
      }
      return;
    }
    AgentDialogue dialogue = driver.talkTo(found);
    RangeStart began = range.range();
    if (turn != null && open && began != null && !wasGiven(range, turn.message())) {
      // The crash came between the turn's start and its input.
      dialogue.giveAt(began.stdoutOffset(), turn.message());
    }
    dialogue.listen();
    driver.goOn(dialogue);
  }

  private static boolean wasGiven(RangeLog range, QueuedMessage message) {
    return range.inputs().stream()
        .anyMatch(
            input ->
                input.kind().equals(RangeLog.TURN)
                    && message.messageId().value().equals(RangeLog.messageId(input)));
  }
}
