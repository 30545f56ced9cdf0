// SPDX-License-Identifier: MIT

package io.agentruntime.core.session;

import io.agentruntime.core.sandbox.PreparedSandbox;
import io.agentruntime.core.turn.AgentRun;
import io.agentruntime.error.AgentRuntimeException;
import io.agentruntime.error.StandardError;
import io.agentruntime.model.block.Block;
import io.agentruntime.model.block.BlockHeader;
import io.agentruntime.model.block.BlockStatus;
import io.agentruntime.model.conversation.ConversationId;
import io.agentruntime.model.event.PermissionAnswer;
import io.agentruntime.model.event.RangeStart;
import io.agentruntime.model.event.SessionEvent;
import io.agentruntime.model.turn.TurnId;
import io.agentruntime.model.turn.TurnOutcome;
import io.agentruntime.spi.sandbox.ExitStatus;
import io.agentruntime.spi.sandbox.ProcessSignal;
import io.agentruntime.spi.sandbox.SandboxProcess;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Drives one turn at a time: makes sure that there is a sandbox and a process, gives the message to
 * the protocol, turns its steps into events and input, and ends the turn however it ends. Confined
 * to the session's actor.
 */
final class TurnDriver implements AgentDialogue.Owner {
  private static final Logger log = LoggerFactory.getLogger(TurnDriver.class);
  private static final String WORKSPACE_ONLY = "workspace-only";
  private static final String FORGOTTEN =
      "The agent begins a new conversation: what was said before is kept here, but it cannot"
          + " continue it.";

  /** What the actor wants to know. */
  interface Listener {
    /** The runtime state changed. */
    void statusChanged();

    /** A turn ended. */
    void turnEnded();
  }

  private final SessionScope scope;
  private final SessionJournal journal;
  private final SessionSandbox sandbox;
  private final Listener listener;
  private final AgentLauncher launcher;
  private final TurnEnd turnEnd;
  private @Nullable ActiveTurn turn;
  private @Nullable AgentDialogue dialogue;
  private boolean takingOver;
  private final List<Runnable> onTakenOver = new ArrayList<>();
  private boolean startingProcess;
  private boolean retried;
  private int incarnation;

  TurnDriver(
      SessionScope scope, SessionJournal journal, SessionSandbox sandbox, Listener listener) {
    this.scope = scope;
    this.journal = journal;
    this.sandbox = sandbox;
    this.listener = listener;
    this.launcher = new AgentLauncher(scope, this::writeFailed);
    this.turnEnd = new TurnEnd(journal);
  }

  @Override
  public @Nullable ActiveTurn active() {
    return turn;
  }

  @Override
  public boolean isCurrent(AgentDialogue asking) {
    return dialogue == asking;
  }

  /** Begins the turn of a message; there must be no active one. */
  void start(QueuedMessage message) {
    turn = new ActiveTurn(message, scope.clock().instant());
    if (dialogue != null) {
      begin(dialogue);
    } else {
      ensureProcess();
    }
  }

  /** Forgets a turn that has not begun; its message still waits. */
  void letGo() {
    ActiveTurn current = turn;
    if (current != null && !current.begun()) {
      turn = null;
    }
  }

  /** Whether the running turn can take a message now; while it is recovered it cannot. */
  boolean canSteer() {
    ActiveTurn current = turn;
    AgentDialogue running = dialogue;
    return current != null
        && current.begun()
        && !current.interrupted()
        && running != null
        && running.run().replay().done();
  }

  /** Gives a message to the running turn; only where {@link #canSteer()}. */
  void steer(QueuedMessage message) {
    AgentDialogue current = dialogue;
    if (current == null) {
      throw new AgentRuntimeException(StandardError.CLOSED, "there is no running agent to steer");
    }
    emitUserBlock(message);
    current.give(message);
  }

  /** Asks the agent to stop; how it stops ends the turn. */
  void interrupt() {
    interrupt(scope.config().interruptGrace());
  }

  /**
   * Asks the agent to stop.
   *
   * @param grace how long it may take before it is signalled; of several the shortest counts
   */
  void interrupt(Duration grace) {
    ActiveTurn current = turn;
    if (current == null) {
      return;
    }
    boolean known = current.interrupted();
    current.interrupt(System.nanoTime(), grace);
    if (known) {
      return;
    }
    AgentDialogue running = dialogue;
    if (!current.begun()) {
      // Still preparing: the turn is over before it began; the sandbox is kept for the next one.
      beginWithoutProcess(current);
      finish(outcomeOfStop(current));
    } else if (running != null) {
      running.interrupt(current);
    }
  }

  /**
   * Gives the answer to a permission request to the agent.
   *
   * @param given called once that is in the journal, although perhaps not committed
   */
  void answer(PermissionAnswer answer, Runnable given) {
    AgentDialogue current = dialogue;
    if (current == null) {
      journal.append(turnId(), new SessionEvent.PermissionResolved(answer));
      given.run();
    } else {
      current.answer(answer, given);
    }
  }

  /** Does something at once, or, while an earlier server's agent is taken over, after that. */
  void onceTakenOver(Runnable action) {
    if (takingOver) {
      onTakenOver.add(action);
    } else {
      action.run();
    }
  }

  private void takenOver() {
    takingOver = false;
    List<Runnable> due = List.copyOf(onTakenOver);
    onTakenOver.clear();
    due.forEach(Runnable::run);
  }

  /** The time at which something must happen although nothing came, in {@code nanoTime}. */
  long deadline() {
    ActiveTurn current = turn;
    if (current == null) {
      return Long.MAX_VALUE;
    }
    long timeout =
        current.interrupted()
            ? Long.MAX_VALUE
            : current.startedNanos() + scope.config().turnTimeout().toNanos();
    long ready =
        current.begun()
            ? Long.MAX_VALUE
            : current.startedNanos() + scope.config().prepareTimeout().toNanos();
    return Math.min(Math.min(timeout, ready), current.escalateAt());
  }

  /** Does what is due. */
  void tick(long now) {
    ActiveTurn current = turn;
    if (current == null) {
      return;
    }
    if (!current.begun()
        && now >= current.startedNanos() + scope.config().prepareTimeout().toNanos()) {
      sandbox.cancelPreparing();
      fail(
          new AgentRuntimeException(
              StandardError.SANDBOX_FAILED,
              "the sandbox was not ready within "
                  + scope.config().prepareTimeout().toSeconds()
                  + " s"));
      return;
    }
    if (!current.interrupted()
        && now >= current.startedNanos() + scope.config().turnTimeout().toNanos()) {
      current.failWith(StandardError.TURN_TIMEOUT.name());
      interrupt();
    }
    if (turn == current && now >= current.escalateAt()) {
      escalate(current, now);
    }
  }

  /** Ends the turn at once, whatever the agent does; its process is ended too. */
  void abandon(TurnOutcome outcome) {
    ActiveTurn current = turn;
    AgentDialogue running = dialogue;
    dialogue = null;
    if (running != null) {
      running.run().signal(ProcessSignal.KILL);
      running.close();
    }
    if (current != null) {
      if (!current.begun()) {
        beginWithoutProcess(current);
      }
      finish(outcome);
    }
  }

  /** Takes the sandbox as gone. */
  void sandboxLost(AgentRuntimeException reason) {
    AgentDialogue running = dialogue;
    dialogue = null;
    if (running != null) {
      running.close();
    }
    sandbox.lost(reason.getMessage());
    if (turn != null && !startingProcess && !sandbox.isPreparing()) {
      fail(reason);
    }
  }

  /** Closes the process's streams; the process is left alone. */
  void close() {
    AgentDialogue running = dialogue;
    dialogue = null;
    if (running != null) {
      running.close();
    }
  }

  private void ensureProcess() {
    PreparedSandbox prepared = sandbox.prepared();
    if (prepared != null) {
      startProcess(prepared);
    } else if (!sandbox.isPreparing()) {
      sandbox.prepare(
          (result, error) -> {
            if (result != null) {
              if (turn != null) {
                startProcess(result);
              }
            } else if (error != null && turn != null) {
              fail(error);
            }
          });
    }
  }

  private void startProcess(PreparedSandbox prepared) {
    if (startingProcess) {
      return;
    }
    startingProcess = true;
    incarnation = Math.max(incarnation + 1, incarnationAfterReload());
    AgentLauncher.Wish wish =
        new AgentLauncher.Wish(
            incarnation,
            SessionOptions.effective(scope.profile(), journal.fold().record()),
            journal.fold().nativeId(),
            journal.fold().metadata());
    scope
        .worker()
        .submit(
            () -> launcher.start(prepared, wish),
            (started, error) -> {
              startingProcess = false;
              if (sandbox.prepared() != prepared) {
                if (started != null) {
                  started.run().close();
                }
                if (turn != null) {
                  ensureProcess();
                }
              } else if (started != null) {
                if (!started.resumes() && journal.fold().wasAnswered()) {
                  journal.append(null, new SessionEvent.ContextRestored(WORKSPACE_ONLY, FORGOTTEN));
                }
                attach(started.run(), started.argument());
              } else if (error != null && error.code() == StandardError.SANDBOX_LOST && !retried) {
                retried = true;
                sandbox.lost(error.getMessage());
                if (turn != null) {
                  ensureProcess();
                }
              } else if (error != null && turn != null) {
                fail(error);
              }
            });
  }

  /** Never a number that an earlier life of this session has used. */
  private int incarnationAfterReload() {
    int known = journal.fold().range().lastIncarnation();
    if (known > 0 || !journal.fold().everRan()) {
      return known + 1;
    }
    // The log does not know: each life begins at a later number of the log.
    return (int) Math.min(Integer.MAX_VALUE - 1_000_000, journal.fold().lastSeq());
  }

  private void writeFailed(SandboxProcess process, AgentRuntimeException error) {
    AgentDialogue current = dialogue;
    if (current != null && current.run().process() == process) {
      abandon(failed(error));
    }
  }

  private void attach(AgentRun started, Map<String, Object> argument) {
    AgentDialogue begun = new AgentDialogue(scope, journal, started, this);
    dialogue = begun;
    begun.listen();
    begun.start(argument);
    if (turn != null && dialogue == begun) {
      begin(begun);
    }
  }

  /** Takes a turn of an earlier server as this one's; {@link #reattach} or a failure follows. */
  void resume(SessionFold.OpenTurn open) {
    ActiveTurn resumed = ActiveTurn.resumed(open.message(), open.since(), scope.clock().instant());
    turn = resumed;
    emitUserBlock(resumed.message());
  }

  /** Goes on with the process that an earlier server drove. */
  void reattach(PreparedSandbox prepared, RangeLog range, RangeLog.ProcessStart process) {
    startingProcess = true;
    takingOver = true;
    scope
        .worker()
        .submit(
            () -> launcher.reattach(prepared, range, process),
            (found, error) -> {
              startingProcess = false;
              if (found != null && sandbox.prepared() == prepared) {
                repeat(found, range);
              } else {
                notTakenOver(found, error);
              }
              takenOver();
            });
  }

  private void notTakenOver(@Nullable AgentRun found, @Nullable AgentRuntimeException error) {
    if (found != null) {
      found.close();
    }
    ActiveTurn current = turn;
    if (current == null) {
      log.info("session {}: its idle agent is not taken over", scope.id(), error);
    } else if (!current.begun()) {
      ensureProcess();
    } else if (error != null) {
      fail(error);
    } else {
      turnLost("its sandbox ended while it was taken over");
    }
  }

  /** Ends the resumed turn, which cannot go on. */
  void turnLost(String reason) {
    fail(new AgentRuntimeException(StandardError.SANDBOX_LOST, reason));
  }

  private void repeat(AgentRun found, RangeLog range) {
    ActiveTurn current = turn;
    boolean open = current != null && current.begun();
    if (!open && !found.servesManyTurns()) {
      found.close();
      if (current != null) {
        ensureProcess();
      }
      return;
    }
    AgentDialogue again = new AgentDialogue(scope, journal, found, this);
    dialogue = again;
    RangeStart began = range.range();
    if (current != null && open && began != null && !wasGiven(range, current.message())) {
      // The crash came between the turn's start and its input.
      again.giveAt(began.stdoutOffset(), current.message());
    }
    again.listen();
    ActiveTurn now = turn;
    if (now != null && dialogue == again) {
      if (!now.begun()) {
        begin(again);
      } else if (now.interrupted() && !now.wasAsked()) {
        again.interrupt(now);
      }
    }
  }

  private static boolean wasGiven(RangeLog range, QueuedMessage message) {
    return range.inputs().stream()
        .anyMatch(
            input ->
                input.kind().equals(RangeLog.TURN)
                    && message.messageId().value().equals(RangeLog.messageId(input)));
  }

  private void begin(AgentDialogue current) {
    ActiveTurn starting = turn;
    if (starting == null) {
      return;
    }
    starting.begin();
    AgentRun run = current.run();
    journal.append(
        starting.id(),
        new SessionEvent.TurnStarted(
            starting.message().messageId(),
            new RangeStart(
                run.sandbox().id(),
                run.process().id().value(),
                run.decoded(),
                run.decided(),
                scope.architecture().id(),
                scope.architecture().decoderVersion())));
    emitUserBlock(starting.message());
    listener.statusChanged();
    current.give(starting.message());
  }

  private void beginWithoutProcess(ActiveTurn starting) {
    starting.begin();
    journal.append(
        starting.id(), new SessionEvent.TurnStarted(starting.message().messageId(), null));
    emitUserBlock(starting.message());
  }

  /** Shows the user's message, or what a crash has left out of it. */
  private void emitUserBlock(QueuedMessage message) {
    String id = message.messageId().value();
    Block.UserMessage block = new Block.UserMessage(BlockHeader.pending(id), message.content());
    Block known = journal.fold().block(ConversationId.MAIN, block.id()).orElse(null);
    if (known == null) {
      journal.append(turnId(), new SessionEvent.BlockStarted(block));
    }
    if (known == null || known.status() == BlockStatus.PENDING) {
      journal.append(
          turnId(), new SessionEvent.BlockCompleted(block.withHeader(BlockHeader.complete(id))));
    }
  }

  private void escalate(ActiveTurn current, long now) {
    AgentDialogue running = dialogue;
    int level = current.escalate(now);
    if (running == null || level > 2) {
      abandon(outcomeOfStop(current));
    } else {
      log.warn(
          "session {}: the agent does not stop when asked; signalling it ({})", scope.id(), level);
      running.run().signal(level == 1 ? ProcessSignal.INT : ProcessSignal.KILL);
    }
  }

  private void fail(AgentRuntimeException error) {
    ActiveTurn current = turn;
    if (current == null) {
      return;
    }
    if (!current.begun()) {
      beginWithoutProcess(current);
    }
    finish(failed(error));
  }

  private TurnOutcome failed(AgentRuntimeException error) {
    return new TurnOutcome.Failed(
        error.code().name(), scope.mask().mask(error.getMessage()), error.code().retryable());
  }

  private static TurnOutcome outcomeOfStop(ActiveTurn current) {
    String code = current.failureCode();
    return code == null
        ? new TurnOutcome.Interrupted()
        : new TurnOutcome.Failed(code, "the turn took longer than it may", true);
  }

  @Override
  public void broken(AgentDialogue from) {
    if (dialogue == from) {
      abandon(
          new TurnOutcome.Failed(
              StandardError.PROVIDER_FAILED.name(),
              "the protocol of architecture '"
                  + scope.architecture().id()
                  + "' failed on the agent's output",
              false));
    }
  }

  @Override
  public void toolEnded() {
    sandbox.scanSoon();
  }

  @Override
  public void ended(AgentDialogue from, TurnOutcome outcome) {
    ActiveTurn current = turn;
    if (current != null) {
      // A program that was signalled until it ended says nothing about how the turn ended.
      boolean stopped =
          current.failureCode() != null || (current.interrupted() && dialogue == null);
      finish(stopped ? outcomeOfStop(current) : outcome, from.lastError());
    }
  }

  /** Ends the active turn: nothing stays open, and the end is in the log. */
  private void finish(TurnOutcome outcome) {
    AgentDialogue current = dialogue;
    finish(outcome, current == null ? null : current.lastError());
  }

  private void finish(TurnOutcome outcome, SessionEvent.@Nullable ErrorRaised said) {
    ActiveTurn ended = turn;
    if (ended == null) {
      return;
    }
    AgentDialogue current = dialogue;
    turnEnd.write(ended, outcome, current == null ? null : current.rangeEnd(), said);
    turn = null;
    retried = false;
    if (current != null) {
      current.newRange();
      if (!current.run().servesManyTurns()) {
        journal.whenCommitted(current.run().writer()::closeStdin);
        dialogue = null;
      }
    }
    listener.turnEnded();
  }

  private @Nullable TurnId turnId() {
    ActiveTurn current = turn;
    return current == null || !current.begun() ? null : current.id();
  }

  @Override
  public void exited(AgentDialogue from, ExitStatus status, String stderrTail) {
    if (dialogue != from) {
      from.close();
      return;
    }
    log.info("session {}: the agent's process ended with {}", scope.id(), status.code());
    dialogue = null;
    from.close();
    from.exit(status, scope.mask().mask(stderrTail));
    ActiveTurn current = turn;
    if (current != null && current.begun()) {
      finish(
          current.interrupted()
              ? outcomeOfStop(current)
              : new TurnOutcome.Failed(
                  StandardError.AGENT_EXITED.name(),
                  "the agent program ended with exit code " + status.code() + " during the turn",
                  true));
    } else if (current != null) {
      ensureProcess();
    }
  }

  @Override
  public void lost(AgentDialogue from, AgentRuntimeException reason) {
    if (dialogue != from) {
      from.close();
    } else if (reason.code() == StandardError.SANDBOX_LOST) {
      sandboxLost(reason);
    } else {
      abandon(failed(reason));
    }
  }
}
