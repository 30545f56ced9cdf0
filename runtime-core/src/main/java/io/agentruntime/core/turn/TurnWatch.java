// SPDX-License-Identifier: MIT

package io.agentruntime.core.turn;

import io.agentruntime.core.RuntimeConfig;
import io.agentruntime.core.sandbox.SessionSandbox;
import io.agentruntime.core.state.SessionScope;
import io.agentruntime.error.AgentRuntimeException;
import io.agentruntime.error.StandardError;
import io.agentruntime.spi.sandbox.ProcessSignal;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Sees to it that a turn begins in time, ends in time, and stops when it was asked to. Has no state
 * of its own; times are those of {@code nanoTime}. Confined to the actor.
 */
public final class TurnWatch {
  private static final Logger log = LoggerFactory.getLogger(TurnWatch.class);

  private final SessionScope scope;
  private final SessionSandbox sandbox;
  private final TurnDriver driver;

  public TurnWatch(SessionScope scope, SessionSandbox sandbox, TurnDriver driver) {
    this.scope = scope;
    this.sandbox = sandbox;
    this.driver = driver;
  }

  /** The time at which something must happen although nothing came. */
  public long deadline() {
    ActiveTurn turn = driver.active();
    return turn == null
        ? Long.MAX_VALUE
        : Math.min(Math.min(end(turn), begin(turn)), turn.escalateAt());
  }

  /** Does what is due. */
  public void tick(long now) {
    ActiveTurn turn = driver.active();
    if (turn == null) {
      return;
    }
    if (now >= begin(turn)) {
      sandbox.cancelPreparing();
      driver.fail(notReady(scope.config()));
      return;
    }
    if (now >= end(turn)) {
      turn.failWith(StandardError.TURN_TIMEOUT.name());
      driver.interrupt();
    }
    if (driver.active() == turn && now >= turn.escalateAt()) {
      escalate(turn, now);
    }
  }

  /** When it must have begun. */
  private long begin(ActiveTurn turn) {
    return turn.begun()
        ? Long.MAX_VALUE
        : turn.startedNanos() + scope.config().prepareTimeout().toNanos();
  }

  /** When it must have ended; one that was asked to stop is {@linkplain #escalate escalated}. */
  private long end(ActiveTurn turn) {
    return turn.interrupted()
        ? Long.MAX_VALUE
        : turn.startedNanos() + scope.config().turnTimeout().toNanos();
  }

  private static AgentRuntimeException notReady(RuntimeConfig config) {
    return new AgentRuntimeException(
        StandardError.SANDBOX_FAILED,
        "the sandbox was not ready within " + config.prepareTimeout().toSeconds() + " s");
  }

  private void escalate(ActiveTurn turn, long now) {
    @Nullable AgentDialogue running = driver.dialogue();
    int level = turn.escalate(now);
    if (running == null || level > 2) {
      driver.abandon(TurnFailures.stopped(turn));
    } else {
      log.warn(
          "session {}: the agent does not stop when asked; signalling it ({})", scope.id(), level);
      running.run().signal(level == 1 ? ProcessSignal.INT : ProcessSignal.KILL);
    }
  }
}
