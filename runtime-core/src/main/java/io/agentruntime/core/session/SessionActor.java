// SPDX-License-Identifier: MIT

package io.agentruntime.core.session;

import io.agentruntime.core.sandbox.PreparedSandbox;
import io.agentruntime.core.sandbox.SandboxSource;
import io.agentruntime.core.sandbox.SessionSandbox;
import io.agentruntime.core.state.SessionFold;
import io.agentruntime.core.state.SessionJournal;
import io.agentruntime.core.state.SessionScope;
import io.agentruntime.core.turn.ActiveTurn;
import io.agentruntime.core.turn.AgentTakeover;
import io.agentruntime.core.turn.TurnDriver;
import io.agentruntime.core.turn.TurnQueue;
import io.agentruntime.core.turn.TurnWatch;
import io.agentruntime.error.AgentRuntimeException;
import io.agentruntime.error.StandardError;
import io.agentruntime.model.event.PermissionAnswer;
import io.agentruntime.model.event.SessionEvent;
import io.agentruntime.model.session.RuntimeState;
import io.agentruntime.model.session.SessionUpdate;
import io.agentruntime.model.turn.MessageId;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Consumer;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The only writer of one session's state: a virtual thread that takes one thing after the other out
 * of its mailbox and never waits for a turn, a sandbox, the store or a client.
 */
final class SessionActor implements TurnDriver.Listener, SessionEnd.Actor, ActorThread.Work {
  private static final Logger log = LoggerFactory.getLogger(SessionActor.class);

  /** What the directory wants to know; called on the actor's thread, must return at once. */
  interface Observer {
    /** The session has been idle for as long as it may. */
    void idle();

    /** Record or runtime state changed. */
    void changed();

    /** The actor has ended, for whatever reason. */
    void stopped();
  }

  private final SessionScope scope;
  private final SessionJournal journal;
  private final SessionSandbox sandbox;
  private final TurnDriver driver;
  private final AgentTakeover takeover;
  private final TurnWatch watch;
  private final TurnQueue queue;
  private final RecordKeeper records;
  private final SessionEnd end;
  private final SessionRecovery recovery;
  private final Observer observer;
  private final PermissionAnswers answers;
  private final SessionTimers timers;
  private final ActorThread thread;

  /**
   * An actor that is not started.
   *
   * @param scope what its parts share
   * @param sandboxes where its sandbox comes from
   * @param ahead the state with everything appended, this actor's own
   * @param committed the state with everything committed, guarded by the log's lock
   * @param observer the directory
   */
  SessionActor(
      SessionScope scope,
      SandboxSource sandboxes,
      SessionFold ahead,
      SessionFold committed,
      Observer observer) {
    this.scope = scope;
    this.observer = observer;
    this.journal = new SessionJournal(scope.log(), ahead);
    this.sandbox = new SessionSandbox(scope, journal, sandboxes, this::statusChanged);
    this.driver = new TurnDriver(scope, journal, sandbox, sandboxes.environment(), this);
    this.takeover = new AgentTakeover(scope, sandbox, driver);
    this.watch = new TurnWatch(scope, sandbox, driver);
    this.recovery = new SessionRecovery(scope, journal, sandbox, driver, takeover, this::goOn);
    this.end = new SessionEnd(scope, sandbox, driver, recovery, this);
    this.queue =
        new TurnQueue(
            scope, journal, driver, () -> recovery.isDone() && end.mayBegin(), this::statusChanged);
    this.records = new RecordKeeper(scope, journal, committed, observer::changed);
    this.answers = new PermissionAnswers(journal, recovery, takeover, driver);
    this.timers = new SessionTimers(scope.config());
    this.thread = new ActorThread(scope, this);
  }

  void start() {
    scope.mailbox().signal(recovery::run);
    thread.start();
  }

  /** Whether it takes nothing any more. */
  boolean hasStopped() {
    return thread.hasStopped();
  }

  /** Done when it is known what earlier servers left of this session. Any thread. */
  CompletableFuture<@Nullable Void> recovered() {
    return recovery.done();
  }

  /** Whether it uses a sandbox. */
  boolean uses(String sandboxId) {
    PreparedSandbox prepared = sandbox.prepared();
    return prepared != null && prepared.sandbox().id().equals(sandboxId);
  }

  /** Takes the session as used, so that it is not idle for a while. */
  void requestUse() {
    scope.mailbox().signal(timers::worked);
  }

  /** Begins no further turns; a running one goes on. Any thread. */
  void requestDrain() {
    scope.mailbox().signal(end::drain);
  }

  /** Ends everything; done when the actor is about to end. Any thread. */
  CompletableFuture<@Nullable Void> requestStop(Stop how) {
    CompletableFuture<@Nullable Void> result = new CompletableFuture<>();
    scope
        .mailbox()
        .signal(
            () -> {
              if (!thread.isRunning()) {
                result.complete(null);
                return;
              }
              end.stop(how)
                  .whenComplete(
                      (done, error) -> {
                        if (error == null) {
                          result.complete(null);
                        } else {
                          result.completeExceptionally(error);
                        }
                      });
            });
    if (thread.hasStopped()) {
      result.complete(null);
    }
    return result;
  }

  /** Whether it is about to stop: no new use may be made of it. */
  boolean isLeaving() {
    return end.isLeaving() || thread.hasStopped();
  }

  /** Begins to stop unless something came up; whether it did. */
  CompletableFuture<Boolean> requestStopIfQuiet(Stop how) {
    return ask(
        () -> {
          if (queue.busy()) {
            timers.worked();
            return false;
          }
          CompletableFuture<@Nullable Void> begun = end.stop(how);
          log.trace("session {}: leaving, {}", scope.id(), begun);
          return true;
        });
  }

  /** Waits until no turn runs; returns early when that takes too long. */
  void awaitNoTurn(Duration timeout) throws InterruptedException {
    CompletableFuture<Boolean> idle = new CompletableFuture<>();
    scope.mailbox().signal(() -> end.onceNoTurn(() -> idle.complete(true)));
    try {
      idle.get(timeout.toNanos(), TimeUnit.NANOSECONDS);
    } catch (TimeoutException e) {
      log.info("session {}: its turn is interrupted by the shutdown", scope.id());
    } catch (ExecutionException e) {
      throw new IllegalStateException(e);
    }
  }

  /** Does something on the actor's thread and gives its result. */
  <T> CompletableFuture<T> ask(Supplier<T> action) {
    return thread.ask(action);
  }

  MessageReceipt send(MessageRequest message) {
    MessageReceipt known = queue.accepted(message);
    if (known != null) {
      return known;
    }
    if (end.draining()) {
      throw thread.closed();
    }
    timers.worked();
    return queue.add(message);
  }

  boolean interrupt() {
    if (driver.active() == null) {
      return false;
    }
    TurnQueue.requireInterrupt(scope.architecture());
    driver.interrupt();
    return true;
  }

  boolean cancel(MessageId id) {
    return queue.cancel(id);
  }

  @Nullable Void reorder(List<MessageId> order) {
    return queue.reorder(order);
  }

  /** Gives an answer to the agent, also one that an earlier server started; done when journaled. */
  CompletableFuture<@Nullable Void> answer(PermissionAnswer answer) {
    CompletableFuture<@Nullable Void> given = answers.take(answer);
    timers.worked();
    return given;
  }

  /** Changes the record; done when that is stored. */
  CompletableFuture<@Nullable Void> update(SessionUpdate update) {
    return records.update(update);
  }

  CompletableFuture<@Nullable Void> sync() {
    CompletableFuture<@Nullable Void> done = new CompletableFuture<>();
    recovery.then(() -> syncThen(error -> RecordKeeper.settle(done, error)));
    return done;
  }

  CompletableFuture<@Nullable Void> terminateSandbox(String reason) {
    return end.terminateSandbox(reason);
  }

  @Override
  public void withdrawMessages() {
    queue.cancelAll();
  }

  @Override
  public void goOn() {
    timers.worked();
    queue.next();
  }

  @Override
  public void finish() {
    appendSafely(new SessionEvent.StatusChanged(RuntimeState.UNLOADED));
    thread.end();
  }

  /** Ends the actor without touching the store, because another owner has the session. */
  void abandonOwnership() {
    endAtOnce(sandbox::abandon);
  }

  /** Ends the actor and leaves sandbox and turn as they are, for the next server. */
  void detach() {
    endAtOnce(() -> log.info("session {}: left to the next server", scope.id()));
  }

  private void endAtOnce(Runnable last) {
    scope
        .mailbox()
        .signal(
            () -> {
              end.left();
              driver.close();
              last.run();
              thread.end();
            });
  }

  /** The new owner makes a sandbox of its own and cannot reach this one. */
  @Override
  public void fenced() {
    sandbox.abandon();
    thread.end();
  }

  @Override
  public void ending() {
    driver.close();
    scope.worker().stop();
    scope.records().stop();
    end.left();
  }

  @Override
  public void ended() {
    observer.stopped();
  }

  @Override
  public void statusChanged() {
    ActiveTurn current = driver.active();
    ActiveTurn begun = current != null && current.begun() ? current : null;
    appendSafely(
        new SessionEvent.StatusChanged(
            new RuntimeState(
                true,
                sandbox.state(),
                begun == null ? null : begun.id(),
                begun == null ? null : begun.since(),
                journal.fold().queue().size())));
    observer.changed();
  }

  @Override
  public void turnEnded() {
    timers.worked();
    statusChanged();
    records.active();
    syncThen(ignored -> {});
    end.turnEnded();
    queue.next();
  }

  @Override
  public void syncThen(Consumer<@Nullable AgentRuntimeException> done) {
    timers.syncBegins();
    sandbox.sync(
        true,
        error -> {
          timers.syncEnded();
          done.accept(error);
        });
  }

  @Override
  public Duration pause() {
    long now = System.nanoTime();
    long next = watch.deadline();
    if (!queue.busy() && !end.draining()) {
      next = Math.min(next, timers.idleAt());
    }
    if (sandbox.prepared() != null) {
      next = Math.min(next, timers.healthAt());
      if (driver.active() != null) {
        next = Math.min(next, timers.syncAt());
      }
    }
    return next == Long.MAX_VALUE ? Duration.ofHours(1) : Duration.ofNanos(Math.max(0, next - now));
  }

  @Override
  public void tick() {
    long now = System.nanoTime();
    watch.tick(now);
    if (!queue.busy() && !end.draining() && timers.claimIdle(now)) {
      observer.idle();
    }
    if (sandbox.prepared() == null) {
      return;
    }
    if (timers.claimHealthCheck(now)) {
      sandbox.checkHealth(
          reason ->
              driver.sandboxLost(new AgentRuntimeException(StandardError.SANDBOX_LOST, reason)));
    }
    if (driver.active() != null && timers.isSyncDue(now)) {
      syncThen(ignored -> {});
    }
  }

  private void appendSafely(SessionEvent event) {
    try {
      journal.append(null, event);
    } catch (AgentRuntimeException e) {
      log.warn("session {}: {}", scope.id(), e.getMessage());
      if (e.code() == StandardError.FENCED) {
        fenced();
      }
      thread.end();
    }
  }
}
