// SPDX-License-Identifier: MIT

package io.agentruntime.core.session;

import io.agentruntime.core.state.SessionScope;
import io.agentruntime.error.AgentRuntimeException;
import io.agentruntime.error.StandardError;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The virtual thread on which all of a session's state lives: takes one thing after the other out
 * of the mailbox until it is ended. Owns whether it still runs. {@link #end()} and {@link
 * #isRunning()} are for actions on that thread; the rest is for any.
 */
final class ActorThread {
  private static final Logger log = LoggerFactory.getLogger(ActorThread.class);

  /** What is done on the thread besides the actions in the mailbox. */
  interface Work {
    /** For how long nothing has to be done although nothing came. */
    Duration pause();

    /** Does what is due; called after each action and each pause. */
    void tick();

    /** Another server owns the session. */
    void fenced();

    /** The last action is done; nothing more is taken. */
    void ending();

    /** What was left in the mailbox has been refused; the thread ends. */
    void ended();
  }

  private final SessionScope scope;
  private final Work work;
  private final Thread thread;
  private final CompletableFuture<@Nullable Void> stopped = new CompletableFuture<>();
  private boolean running = true;

  /** A thread that is not started. */
  ActorThread(SessionScope scope, Work work) {
    this.scope = scope;
    this.work = work;
    this.thread = Thread.ofVirtual().name("session-" + scope.id()).unstarted(this::run);
  }

  void start() {
    thread.start();
  }

  /** Whether actions are still taken. */
  boolean isRunning() {
    return running;
  }

  /** The present action is the last one. */
  void end() {
    running = false;
  }

  /** Whether it takes nothing any more. */
  boolean hasStopped() {
    return stopped.isDone();
  }

  /** Does something on the thread and gives its result. */
  <T> CompletableFuture<T> ask(Supplier<T> action) {
    CompletableFuture<T> result = new CompletableFuture<>();
    boolean accepted =
        scope
            .mailbox()
            .request(
                () -> {
                  if (!running) {
                    result.completeExceptionally(closed());
                    return;
                  }
                  try {
                    result.complete(action.get());
                  } catch (RuntimeException e) {
                    result.completeExceptionally(e);
                  }
                });
    if (!accepted) {
      result.completeExceptionally(
          new AgentRuntimeException(
              StandardError.QUEUE_FULL, "session " + scope.id() + " has too many requests"));
    } else if (stopped.isDone()) {
      result.completeExceptionally(closed());
    }
    return result;
  }

  /** What is said to who comes too late. */
  AgentRuntimeException closed() {
    return new AgentRuntimeException(
        StandardError.CLOSED, "session " + scope.id() + " is being unloaded; ask again");
  }

  private void run() {
    try {
      while (running) {
        once();
      }
    } finally {
      work.ending();
      stopped.complete(null);
      refuseLeft();
      work.ended();
    }
  }

  private void once() {
    try {
      Runnable action = scope.mailbox().next(work.pause());
      if (action != null) {
        action.run();
      }
      work.tick();
    } catch (InterruptedException e) {
      log.warn("session {}: the actor was interrupted and goes on", scope.id());
    } catch (AgentRuntimeException e) {
      log.error("session {}: {}", scope.id(), e.getMessage(), e);
      if (e.code() == StandardError.FENCED) {
        work.fenced();
      }
    } catch (RuntimeException e) {
      log.error("session {}: an unexpected failure", scope.id(), e);
    }
  }

  private void refuseLeft() {
    try {
      for (Runnable left = scope.mailbox().next(Duration.ZERO);
          left != null;
          left = scope.mailbox().next(Duration.ZERO)) {
        refuse(left);
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private void refuse(Runnable left) {
    try {
      left.run();
    } catch (RuntimeException e) {
      log.debug("session {}: left undone: {}", scope.id(), e.getMessage());
    }
  }
}
