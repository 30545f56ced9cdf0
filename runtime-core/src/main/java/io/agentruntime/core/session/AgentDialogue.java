// SPDX-License-Identifier: MIT

package io.agentruntime.core.session;

import io.agentruntime.core.event.Draft;
import io.agentruntime.core.secret.DeltaMask;
import io.agentruntime.core.turn.AgentRun;
import io.agentruntime.core.turn.LineSplitter;
import io.agentruntime.core.turn.OutputSink;
import io.agentruntime.core.turn.Replay;
import io.agentruntime.core.turn.StdoutReader;
import io.agentruntime.error.AgentRuntimeException;
import io.agentruntime.error.StandardError;
import io.agentruntime.model.block.Block;
import io.agentruntime.model.event.Emission;
import io.agentruntime.model.event.PermissionAnswer;
import io.agentruntime.model.event.RangeEnd;
import io.agentruntime.model.event.SessionEvent;
import io.agentruntime.model.event.SessionEvent.InputApplied;
import io.agentruntime.model.turn.TurnId;
import io.agentruntime.model.turn.TurnOutcome;
import io.agentruntime.spi.architecture.AgentProtocol;
import io.agentruntime.spi.architecture.ProtocolStep;
import io.agentruntime.spi.architecture.TurnInput;
import io.agentruntime.spi.sandbox.ExitStatus;
import io.agentruntime.spi.sandbox.ProcessSpec;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Base64;
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
  private static final String INTERRUPT = "interrupt";
  private static final String ANSWER = "answer";
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

    /** The protocol failed on what the agent said. */
    void broken(AgentDialogue dialogue);

    /** The process has ended. */
    void exited(AgentDialogue dialogue, ExitStatus status, String stderrTail);

    /** The process cannot be heard any more. */
    void lost(AgentDialogue dialogue, AgentRuntimeException reason);
  }

  private final SessionScope scope;
  private final SessionJournal journal;
  private final AgentRun run;
  private final Owner owner;
  private DeltaMask deltas;
  private SessionEvent.@Nullable ErrorRaised lastError;

  AgentDialogue(SessionScope scope, SessionJournal journal, AgentRun run, Owner owner) {
    this.scope = scope;
    this.journal = journal;
    this.run = run;
    this.owner = owner;
    this.deltas = new DeltaMask(scope.mask());
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
    input(INTERRUPT, Map.of(), run.protocol()::interrupt);
  }

  /**
   * Gives the answer to a permission request.
   *
   * @param given called once that is in the journal, although perhaps not committed
   */
  void answer(PermissionAnswer answer, Runnable given) {
    input(
        ANSWER,
        Answers.write(answer),
        () -> {
          scope.mailbox().signal(given);
          return run.protocol().answer(answer);
        });
  }

  /** Tells the protocol that the process has ended. */
  void exit(ExitStatus status, String stderrTail) {
    ProtocolStep step = guarded(() -> run.protocol().onExit(status, stderrTail));
    apply("exit", Map.of("code", status.code()), step, null);
  }

  /** Where the range ends now. */
  RangeEnd rangeEnd() {
    return new RangeEnd(run.decoded(), run.decided(), snapshot());
  }

  /** The error that clients were told of last in this range, if any. */
  SessionEvent.@Nullable ErrorRaised lastError() {
    return lastError;
  }

  /** Begins a new range; what was printed before it is not needed once that is committed. */
  void newRange() {
    long upTo = run.decoded();
    run.newRange();
    deltas = new DeltaMask(scope.mask());
    lastError = null;
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
        ProtocolStep step = guarded(() -> again(journaled));
        apply(journaled.kind(), journaled.argument(), step, journaled);
      } else if (next != null) {
        next.run();
      } else {
        return;
      }
    }
  }

  private ProtocolStep again(InputApplied input) {
    AgentProtocol protocol = run.protocol();
    ActiveTurn turn = owner.active();
    switch (input.kind()) {
      case RangeLog.START -> {
        return protocol.onStart();
      }
      case RangeLog.TURN -> {
        QueuedMessage message = journal.fold().givenToTurn(RangeLog.messageId(input));
        if (message == null) {
          throw new AgentRuntimeException(
              StandardError.STORE_CORRUPT,
              "the log does not know message " + RangeLog.messageId(input));
        }
        if (turn != null) {
          turn.given();
        }
        return protocol.onTurn(new TurnInput(message.messageId(), message.content()));
      }
      case INTERRUPT -> {
        if (turn != null) {
          turn.interrupt(System.nanoTime(), scope.config().interruptGrace());
          turn.asked();
        }
        return protocol.interrupt();
      }
      case ANSWER -> {
        return protocol.answer(Answers.read(input.argument()));
      }
      default ->
          throw new AgentRuntimeException(
              StandardError.STORE_CORRUPT, "the log has an unknown input: " + input.kind());
    }
  }

  private ProtocolStep guarded(Supplier<ProtocolStep> call) {
    try {
      return call.get();
    } catch (RuntimeException | LinkageError | StackOverflowError e) {
      log.error(
          "session {}: the protocol of '{}' failed", scope.id(), scope.architecture().id(), e);
      // A state machine that threw cannot be trusted with the rest of the stream.
      scope.mailbox().signal(() -> owner.broken(this));
      return ProtocolStep.NONE;
    }
  }

  private void apply(
      String kind,
      Map<String, Object> argument,
      ProtocolStep step,
      @Nullable InputApplied journaled) {
    List<Draft> drafts = new ArrayList<>(step.emissions().size() + 1);
    InputApplied input = record(kind, argument, step, journaled, drafts);
    boolean toolEnded = false;
    for (Emission emission : step.emissions()) {
      int index = run.nextIndex();
      SessionEvent event = deltas.apply(emission.event());
      if (!run.replay().knows(index)) {
        drafts.add(new Draft(emission.conversationId(), turnId(), index, event));
      }
      if (event instanceof SessionEvent.ErrorRaised raised) {
        lastError = raised;
      }
      toolEnded |=
          event instanceof SessionEvent.BlockCompleted completed
              && completed.block() instanceof Block.ToolResult;
    }
    journal.append(drafts);
    if (input != null) {
      write(input, step.closeStdin());
    }
    if (toolEnded) {
      owner.toolEnded();
    }
    TurnOutcome outcome = step.outcome();
    ActiveTurn turn = owner.active();
    if (outcome != null && turn != null && turn.wasGiven()) {
      owner.ended(this, outcome);
    }
  }

  /**
   * The input as the log has it or will have it, before the events that it leads to; null when it
   * was only a line without an answer.
   */
  private @Nullable InputApplied record(
      String kind,
      Map<String, Object> argument,
      ProtocolStep step,
      @Nullable InputApplied journaled,
      List<Draft> drafts) {
    boolean writes = step.stdin().length > 0 || step.closeStdin();
    InputApplied known = journaled;
    if (known == null && writes && kind.equals(Replay.REPLY)) {
      known = run.replay().reply(run.decoded());
    }
    if (known != null) {
      run.decided(known.stdinOffset() + Replay.stdin(known).length);
      return known;
    }
    if (!writes && (kind.equals(Replay.REPLY) || kind.equals("exit"))) {
      return null;
    }
    InputApplied input =
        new InputApplied(
            kind,
            run.decoded(),
            run.decide(step.stdin().length),
            Base64.getEncoder().encodeToString(step.stdin()),
            argument);
    drafts.add(Draft.session(turnId(), input));
    return input;
  }

  private void write(InputApplied input, boolean closeStdin) {
    byte[] stdin = Replay.stdin(input);
    journal.whenCommitted(
        () -> {
          if (stdin.length > 0) {
            run.writer().write(input.stdinOffset(), stdin);
          }
          if (closeStdin) {
            run.writer().closeStdin();
          }
        });
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
