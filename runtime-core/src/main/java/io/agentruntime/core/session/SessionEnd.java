// SPDX-License-Identifier: MIT

package io.agentruntime.core.session;

import io.agentruntime.core.sandbox.SessionSandbox;
import io.agentruntime.core.state.SessionScope;
import io.agentruntime.core.turn.TurnDriver;
import io.agentruntime.error.AgentRuntimeException;
import io.agentruntime.error.StandardError;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Ends a session's sandbox, and the session in memory, in the right order: the turn, a last sync,
 * the sandbox, the actor. Confined to the actor, except {@link #isLeaving()}.
 */
final class SessionEnd {
  private static final Logger log = LoggerFactory.getLogger(SessionEnd.class);

  /** What only the actor can do. */
  interface Actor {
    /** Stores what changed, then calls back. */
    void syncThen(Consumer<@Nullable AgentRuntimeException> done);

    /** Withdraws all waiting messages. */
    void withdrawMessages();

    /** The session is used again. */
    void goOn();

    /** Nothing is left to do; the actor ends. */
    void finish();
  }

  private final SessionScope scope;
  private final SessionSandbox sandbox;
  private final TurnDriver driver;
  private final SessionRecovery recovery;
  private final Actor actor;
  private final List<Runnable> onTurnEnd = new ArrayList<>();
  private CompletableFuture<@Nullable Void> result = new CompletableFuture<>();
  private volatile boolean leaving;
  private boolean draining;
  private boolean stopping;
  private boolean forced;
  private int holding;

  SessionEnd(
      SessionScope scope,
      SessionSandbox sandbox,
      TurnDriver driver,
      SessionRecovery recovery,
      Actor actor) {
    this.recovery = recovery;
    this.scope = scope;
    this.sandbox = sandbox;
    this.driver = driver;
    this.actor = actor;
  }

  /** Whether the session is about to leave memory: no new use may be made of it. Any thread. */
  boolean isLeaving() {
    return leaving;
  }

  /** Whether no new messages are taken. */
  boolean draining() {
    return draining;
  }

  /** Whether a turn may begin. */
  boolean mayBegin() {
    return !draining && holding == 0;
  }

  /** Begins no further turns; a running one goes on. */
  void drain() {
    draining = true;
  }

  /** Takes the session as gone from here, without touching store or sandbox. */
  void left() {
    leaving = true;
    result.complete(null);
  }

  /** Does something once no turn runs. */
  void onceNoTurn(Runnable action) {
    if (driver.active() == null) {
      action.run();
    } else {
      onTurnEnd.add(action);
    }
  }

  /** A turn has ended. */
  void turnEnded() {
    List<Runnable> waiting = List.copyOf(onTurnEnd);
    onTurnEnd.clear();
    waiting.forEach(Runnable::run);
  }

  /** Ends everything: the turn, the sandbox, the actor. Done when the actor is about to end. */
  CompletableFuture<@Nullable Void> stop(Stop how) {
    if (stopping) {
      // Who asks again may be in more of a hurry.
      forced |= how.force();
      interrupt(how.grace());
      return result;
    }
    stopping = true;
    draining = true;
    leaving = true;
    forced = how.force();
    driver.letGo();
    sandbox.cancelPreparing();
    if (how.withdraw()) {
      actor.withdrawMessages();
    }
    result = new CompletableFuture<>();
    endSandbox(how, error -> scope.mailbox().signal(() -> decided(error)));
    return result;
  }

  /** Ends the sandbox after a sync; done when it has ended. */
  CompletableFuture<@Nullable Void> terminateSandbox(String reason) {
    CompletableFuture<@Nullable Void> done = new CompletableFuture<>();
    endSandbox(
        new Stop(reason, false, false, scope.config().interruptGrace()),
        error -> RecordKeeper.settle(done, error));
    return done;
  }

  private void endSandbox(Stop how, Consumer<@Nullable AgentRuntimeException> done) {
    holding++;
    interrupt(how.grace());
    recovery.then(() -> endSandboxNow(how, done));
  }

  private void endSandboxNow(Stop how, Consumer<@Nullable AgentRuntimeException> done) {
    onceNoTurn(
        () -> {
          sandbox.cancelPreparing();
          // A barrier: whatever the workers had to do before has reported by then.
          afterWorkers(() -> actor.syncThen(failure -> synced(how, failure, done)));
        });
  }

  private void synced(
      Stop how,
      @Nullable AgentRuntimeException failure,
      Consumer<@Nullable AgentRuntimeException> done) {
    if (failure != null && !forced && keepsChanges(failure)) {
      released(failure, done);
      return;
    }
    driver.close();
    sandbox.terminate(how.reason(), error -> released(error, done));
  }

  private void released(
      @Nullable AgentRuntimeException error, Consumer<@Nullable AgentRuntimeException> done) {
    holding--;
    done.accept(error);
    actor.goOn();
  }

  private void interrupt(Duration grace) {
    if (driver.active() != null) {
      driver.interrupt(grace);
    }
  }

  /** Whether ending the sandbox now would lose what a later sync can still store. */
  private static boolean keepsChanges(AgentRuntimeException failure) {
    return failure.code().retryable() && failure.code() != StandardError.SANDBOX_LOST;
  }

  private void decided(@Nullable AgentRuntimeException failure) {
    if (failure != null && !forced && keepsChanges(failure)) {
      log.warn("session {} stays: {}", scope.id(), failure.getMessage());
      stopping = false;
      draining = false;
      leaving = false;
      result.completeExceptionally(failure);
      actor.goOn();
    } else {
      afterWorkers(
          () -> {
            actor.finish();
            result.complete(null);
          });
    }
  }

  private void afterWorkers(Runnable action) {
    scope
        .worker()
        .submit(
            () -> Boolean.TRUE,
            (done, error) ->
                scope.records().submit(() -> Boolean.TRUE, (alsoDone, alsoError) -> action.run()));
  }
}
