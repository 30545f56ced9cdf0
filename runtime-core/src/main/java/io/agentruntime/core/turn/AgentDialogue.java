// SPDX-License-Identifier: MIT

package io.agentruntime.core.turn;

import io.agentruntime.core.session.QueuedMessage;
import io.agentruntime.core.state.RangeLog;
import io.agentruntime.core.state.SessionJournal;
import io.agentruntime.core.state.SessionScope;
import io.agentruntime.error.AgentRuntimeException;
import io.agentruntime.model.event.PermissionAnswer;
import io.agentruntime.model.event.RangeEnd;
import io.agentruntime.model.event.SessionEvent;
import io.agentruntime.model.event.SessionEvent.InputApplied;
import io.agentruntime.model.turn.TurnId;
import io.agentruntime.model.turn.TurnOutcome;
import io.agentruntime.spi.architecture.ProtocolStep;
import io.agentruntime.spi.architecture.TurnInput;
import io.agentruntime.spi.sandbox.ExitStatus;
import io.agentruntime.spi.sandbox.ProcessSpec;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What goes back and forth between the core and one agent process: inputs and lines of output go
 * through the protocol, and its steps become events and bytes of input. After a crash it first does
 * again what the log says. Confined to the session's actor.
 */
final class AgentDialogue implements AutoCloseable {
  private static final Logger log = LoggerFactory.getLogger(AgentDialogue.class);
  private static final Duration PATIENCE = Duration.ofSeconds(60);

  /**
   * Output is kept for as long as its turn runs, so that a crash can be recovered from; only a turn
   * that prints more than this gives that up, because the program would block.
   */
  private static final long RELEASE_BEYOND = ProcessSpec.DEFAULT_SPOOL_LIMIT / 2;

  /** Whoever drives the turns. */
  interface Owner {
    /** The active turn, if any. */
    @Nullable ActiveTurn active();

    /** Whether this dialogue still counts. */
    boolean isCurrent(AgentDialogue dialogue);

    /** The protocol says how the turn ended. */
    void ended(AgentDialogue dialogue, TurnOutcome outcome);

    /** A tool has ended: files may have changed. */
    void toolEnded();

    /** The protocol threw on what the agent said. */
    void broken(AgentDialogue dialogue, Throwable failure);

    /** The process has ended. */
    void exited(AgentDialogue dialogue, ExitStatus status, String stderrTail);

    /** The process cannot be heard any more. */
    void lost(AgentDialogue dialogue, AgentRuntimeException reason);
  }

  private final SessionScope scope;
  private final SessionJournal journal;
  private final AgentRun run;
  private final Owner owner;
  private final StepWriter steps;
  private final JournaledInputs repeated;

  AgentDialogue(SessionScope scope, SessionJournal journal, AgentRun run, Owner owner) {
    this.scope = scope;
    this.journal = journal;
    this.run = run;
    this.owner = owner;
    this.steps = new StepWriter(journal, run, scope.mask());
    this.repeated =
        new JournaledInputs(journal.fold(), run.protocol(), scope.config().interruptGrace());
  }

  /** The process. */
  AgentRun run() {
    return run;
  }

  /** Begins to listen; what is due of earlier inputs is applied. */
  void listen() {
    run.reading(
        new StdoutReader(
            "session-" + scope.id() + "-stdout",
            run.sandbox(),
            run.process(),
            run.decoded(),
            scope.mask(),
            PATIENCE,
            new Sink()));
    applyDue();
  }

  /** The handshake of a new process. */
  void start(Map<String, Object> argument) {
    input(RangeLog.START, argument, run.protocol()::onStart);
  }

  /** Gives a message to the agent. */
  void give(QueuedMessage message) {
    ActiveTurn active = owner.active();
    if (active != null) {
      active.given();
    }
    input(
        RangeLog.TURN,
        Map.of("messageId", message.messageId().value()),
        () -> run.protocol().onTurn(new TurnInput(message.messageId(), message.content())));
  }

  /** Gives a message to the agent once so much of its output was understood. */
  void giveAt(long decoded, QueuedMessage message) {
    run.replay().later(decoded, () -> give(message));
  }

  /** Asks the agent to stop. */
  void interrupt(ActiveTurn turn) {
    turn.asked();
    input(JournaledInputs.INTERRUPT, Map.of(), run.protocol()::interrupt);
  }

  /**
   * Gives the answer to a permission request.
   *
   * @param given called once that is in the journal, although perhaps not committed
   */
  void answer(PermissionAnswer answer, Runnable given) {
    input(
        JournaledInputs.ANSWER,
        Answers.write(answer),
        () -> {
          scope.mailbox().signal(given);
          return run.protocol().answer(answer);
        });
  }

  /** Tells the protocol that the process has ended. */
  void exit(ExitStatus status, String stderrTail) {
    ProtocolStep step = guarded(() -> run.protocol().onExit(status, stderrTail));
    apply(StepWriter.EXIT, Map.of("code", status.code()), step, null);
  }

  /** Where the range ends now. */
  RangeEnd rangeEnd() {
    return new RangeEnd(run.decoded(), run.decided(), snapshot());
  }

  /** The error that clients were told of last in this range, if any. */
  SessionEvent.@Nullable ErrorRaised lastError() {
    return steps.lastError();
  }

  /** Begins a new range; what was printed before it is not needed once that is committed. */
  void newRange() {
    long upTo = run.decoded();
    run.newRange();
    steps.newRange();
    journal.whenCommitted(() -> run.writer().release(upTo));
  }

  /** Stops listening; the process is left alone. */
  @Override
  public void close() {
    run.close();
  }

  /** Gives an input to the protocol and records it before its bytes are written. */
  private void input(String kind, Map<String, Object> argument, Supplier<ProtocolStep> call) {
    if (run.replay().done()) {
      apply(kind, argument, guarded(call), null);
    } else {
      // What came before the crash comes first.
      run.replay().later(0, () -> apply(kind, argument, guarded(call), null));
      applyDue();
    }
  }

  /** Applies what is due of earlier inputs, and then of those that waited for them. */
  private void applyDue() {
    while (owner.isCurrent(this) && !run.replay().done()) {
      InputApplied journaled = run.replay().due(run.decoded());
      Runnable next = journaled == null ? run.replay().next(run.decoded()) : null;
      if (journaled != null) {
        ProtocolStep step = guarded(() -> repeated.again(journaled, owner.active()));
        apply(journaled.kind(), journaled.argument(), step, journaled);
      } else if (next != null) {
        next.run();
      } else {
        return;
      }
    }
  }

  private ProtocolStep guarded(Supplier<ProtocolStep> call) {
    try {
      return call.get();
    } catch (RuntimeException | LinkageError | StackOverflowError e) {
      log.error(
          "session {}: the protocol of '{}' failed", scope.id(), scope.architecture().id(), e);
      // A state machine that threw cannot be trusted with the rest of the stream.
      scope.mailbox().signal(() -> owner.broken(this, e));
      return ProtocolStep.NONE;
    }
  }

  private void apply(
      String kind,
      Map<String, Object> argument,
      ProtocolStep step,
      @Nullable InputApplied journaled) {
    boolean toolEnded = steps.write(turnId(), kind, argument, step, journaled);
    if (toolEnded) {
      owner.toolEnded();
    }
    TurnOutcome outcome = step.outcome();
    ActiveTurn turn = owner.active();
    if (outcome != null && turn != null && turn.wasGiven()) {
      owner.ended(this, outcome);
    }
  }

  private Map<String, Object> snapshot() {
    try {
      return run.protocol().snapshot();
    } catch (RuntimeException e) {
      log.error("session {}: the protocol's snapshot failed", scope.id(), e);
      return Map.of();
    }
  }

  private @Nullable TurnId turnId() {
    ActiveTurn turn = owner.active();
    return turn == null || !turn.begun() ? null : turn.id();
  }

  private void onLines(List<LineSplitter.Line> lines) {
    for (LineSplitter.Line line : lines) {
      if (!owner.isCurrent(this)) {
        return;
      }
      run.decoded(line.end());
      String text = line.text();
      ProtocolStep step =
          guarded(
              () ->
                  text == null
                      ? run.protocol().onOversizedLine(line.bytes())
                      : run.protocol().onStdout(text));
      apply(Replay.REPLY, Map.of(), step, null);
      applyDue();
    }
    if (run.decoded() - run.released() > RELEASE_BEYOND) {
      long upTo = run.decoded();
      run.released(upTo);
      journal.whenCommitted(() -> run.writer().release(upTo));
    }
  }

  /** Brings the reader's findings to the actor. */
  private final class Sink implements OutputSink {
    @Override
    public void awaitRoom() throws InterruptedException {
      scope.log().awaitRoom();
    }

    @Override
    public void lines(List<LineSplitter.Line> lines) throws InterruptedException {
      scope.mailbox().output(() -> onLines(lines));
    }

    @Override
    public void exited(ExitStatus status, String stderrTail) {
      scope.mailbox().signal(() -> owner.exited(AgentDialogue.this, status, stderrTail));
    }

    @Override
    public void lost(AgentRuntimeException reason) {
      scope.mailbox().signal(() -> owner.lost(AgentDialogue.this, reason));
    }
  }
}
