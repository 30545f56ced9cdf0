package io.agentruntime.core.session;

import io.agentruntime.core.event.Draft;
import io.agentruntime.core.sandbox.PreparedSandbox;
import io.agentruntime.core.secret.DeltaMask;
import io.agentruntime.core.turn.AgentRun;
import io.agentruntime.core.turn.LineSplitter;
import io.agentruntime.core.turn.OutputSink;
import io.agentruntime.core.turn.Replay;
import io.agentruntime.core.turn.StdoutReader;
import io.agentruntime.error.AgentRuntimeException;
import io.agentruntime.error.StandardError;
import io.agentruntime.model.block.Block;
import io.agentruntime.model.block.BlockHeader;
import io.agentruntime.model.block.BlockStatus;
import io.agentruntime.model.conversation.ConversationId;
import io.agentruntime.model.event.Emission;
import io.agentruntime.model.event.PermissionAnswer;
import io.agentruntime.model.event.RangeEnd;
import io.agentruntime.model.event.RangeStart;
import io.agentruntime.model.event.SessionEvent;
import io.agentruntime.model.event.SessionEvent.InputApplied;
import io.agentruntime.model.turn.MessageId;
import io.agentruntime.model.turn.TurnId;
import io.agentruntime.model.turn.TurnOutcome;
import io.agentruntime.spi.architecture.AgentProtocol;
import io.agentruntime.spi.architecture.ProtocolStep;
import io.agentruntime.spi.architecture.TurnInput;
import io.agentruntime.spi.sandbox.ExitStatus;
import io.agentruntime.spi.sandbox.ProcessSignal;
import io.agentruntime.spi.sandbox.ProcessSpec;
import io.agentruntime.spi.sandbox.SandboxProcess;
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
 * Drives one turn at a time: makes sure that there is a sandbox and a process, gives the message to
 * the protocol, turns its steps into events and input, and ends the turn however it ends. Confined
 * to the session's actor.
 */
final class TurnDriver {
  private static final Logger log = LoggerFactory.getLogger(TurnDriver.class);

  /**
   * Output is kept for as long as its turn runs, so that a crash can be recovered from; only a turn
   * that prints more than this gives that up, because the program would block.
   */
  private static final long RELEASE_BEYOND = ProcessSpec.DEFAULT_SPOOL_LIMIT / 2;

  private static final Duration PATIENCE = Duration.ofSeconds(60);

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
  private DeltaMask deltas;
  private @Nullable ActiveTurn turn;
  private @Nullable AgentRun run;
  private SessionEvent.@Nullable ErrorRaised lastError;
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
    this.deltas = new DeltaMask(scope.mask());
  }

  @Nullable ActiveTurn active() {
    return turn;
  }

  /** Begins the turn of a message; there must be no active one. */
  void start(QueuedMessage message) {
    turn = new ActiveTurn(message, scope.clock().instant());
    if (run != null) {
      begin(run);
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

  /** Gives a message to the running turn. */
  void steer(QueuedMessage message) {
    AgentRun current = run;
    if (current == null) {
      throw new AgentRuntimeException(StandardError.CLOSED, "there is no running agent to steer");
    }
    emitUserBlock(message);
    give(current, message);
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
    AgentRun running = run;
    if (!current.begun()) {
      // Still preparing: the turn is over before it began; the sandbox is kept for the next one.
      beginWithoutProcess(current);
      finish(outcomeOfStop(current));
    } else if (running != null) {
      askToStop(running, current);
    }
  }

  private void askToStop(AgentRun running, ActiveTurn current) {
    current.asked();
    input(running, "interrupt", Map.of(), running.protocol()::interrupt);
  }

  /** Gives the answer to a permission request to the agent. */
  void answer(PermissionAnswer answer) {
    AgentRun current = run;
    if (current == null) {
      journal.append(turnId(), new SessionEvent.PermissionResolved(answer));
    } else {
      input(current, "answer", Answers.write(answer), () -> current.protocol().answer(answer));
    }
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
    AgentRun running = run;
    run = null;
    if (running != null) {
      running.signal(ProcessSignal.KILL);
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
    AgentRun running = run;
    run = null;
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
    AgentRun running = run;
    run = null;
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
    AgentRun current = run;
    if (current != null && current.process() == process) {
      abandon(failed(error));
    }
  }

  private void attach(AgentRun started, Map<String, Object> argument) {
    read(started);
    input(started, RangeLog.START, argument, started.protocol()::onStart);
    if (turn != null && run == started) {
      begin(started);
    }
  }

  private void read(AgentRun started) {
    run = started;
    started.reading(
        new StdoutReader(
            "session-" + scope.id() + "-stdout",
            started.sandbox(),
            started.process(),
            started.decoded(),
            scope.mask(),
            PATIENCE,
            new Sink(started)));
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
    scope
        .worker()
        .submit(
            () -> launcher.reattach(prepared, range, process),
            (found, error) -> {
              startingProcess = false;
              if (found != null && sandbox.prepared() == prepared) {
                repeat(found, range);
                return;
              }
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
            });
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
    RangeStart began = range.range();
    if (current != null && open && began != null && !wasGiven(range, current.message())) {
      // The crash came between the turn's start and its input.
      found.replay().later(began.stdoutOffset(), () -> give(found, current.message()));
    }
    read(found);
    applyDue(found);
    ActiveTurn now = turn;
    if (now != null && run == found) {
      if (!now.begun()) {
        begin(found);
      } else if (now.interrupted() && !now.wasAsked()) {
        askToStop(found, now);
      }
    }
  }

  private static boolean wasGiven(RangeLog range, QueuedMessage message) {
    return range.inputs().stream()
        .anyMatch(
            input ->
                input.kind().equals(RangeLog.TURN)
                    && message.messageId().value().equals(messageOf(input)));
  }

  /** Applies what is due of earlier inputs, and then of those that waited for them. */
  private void applyDue(AgentRun current) {
    while (run == current && !current.replay().done()) {
      SessionEvent.InputApplied journaled = current.replay().due(current.decoded());
      Runnable next = journaled == null ? current.replay().next(current.decoded()) : null;
      if (journaled != null) {
        apply(
            current,
            journaled.kind(),
            journaled.argument(),
            guarded(() -> again(current, journaled)),
            journaled);
      } else if (next != null) {
        next.run();
      } else {
        return;
      }
    }
  }

  private ProtocolStep again(AgentRun current, SessionEvent.InputApplied input) {
    AgentProtocol protocol = current.protocol();
    return switch (input.kind()) {
      case RangeLog.START -> protocol.onStart();
      case RangeLog.TURN -> {
        QueuedMessage message = journal.fold().givenToTurn(messageOf(input));
        if (message == null) {
          throw new AgentRuntimeException(
              StandardError.STORE_CORRUPT, "the log does not know message " + messageOf(input));
        }
        if (turn != null) {
          turn.given();
        }
        yield protocol.onTurn(new TurnInput(message.messageId(), message.content()));
      }
      case "interrupt" -> {
        if (turn != null) {
          turn.interrupt(System.nanoTime(), scope.config().interruptGrace());
          turn.asked();
        }
        yield protocol.interrupt();
      }
      case "answer" -> protocol.answer(Answers.read(input.argument()));
      default ->
          throw new AgentRuntimeException(
              StandardError.STORE_CORRUPT, "the log has an unknown input: " + input.kind());
    };
  }

  private static String messageOf(SessionEvent.InputApplied input) {
    return String.valueOf(input.argument().get("messageId"));
  }

  private void begin(AgentRun current) {
    ActiveTurn starting = turn;
    if (starting == null) {
      return;
    }
    starting.begin();
    MessageId messageId = starting.message().messageId();
    journal.append(
        starting.id(),
        new SessionEvent.TurnStarted(
            messageId,
            new RangeStart(
                current.sandbox().id(),
                current.process().id().value(),
                current.decoded(),
                current.decided(),
                scope.architecture().id(),
                scope.architecture().decoderVersion())));
    emitUserBlock(starting.message());
    listener.statusChanged();
    give(current, starting.message());
  }

  private void give(AgentRun current, QueuedMessage message) {
    ActiveTurn active = turn;
    if (active != null) {
      active.given();
    }
    input(
        current,
        RangeLog.TURN,
        Map.of("messageId", message.messageId().value()),
        () -> current.protocol().onTurn(new TurnInput(message.messageId(), message.content())));
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
    AgentRun running = run;
    int level = current.escalate(now);
    if (running == null || level > 2) {
      abandon(outcomeOfStop(current));
    } else {
      log.warn(
          "session {}: the agent does not stop when asked; signalling it ({})", scope.id(), level);
      running.signal(level == 1 ? ProcessSignal.INT : ProcessSignal.KILL);
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

  /** Gives an input to the protocol and records it before its bytes are written. */
  private void input(
      AgentRun current, String kind, Map<String, Object> argument, Supplier<ProtocolStep> call) {
    if (current.replay().done()) {
      apply(current, kind, argument, guarded(call), null);
    } else {
      // What came before the crash comes first.
      current.replay().later(0, () -> apply(current, kind, argument, guarded(call), null));
      applyDue(current);
    }
  }

  private ProtocolStep guarded(Supplier<ProtocolStep> call) {
    try {
      return call.get();
    } catch (RuntimeException | LinkageError | StackOverflowError e) {
      log.error(
          "session {}: the protocol of '{}' failed", scope.id(), scope.architecture().id(), e);
      // A state machine that threw cannot be trusted with the rest of the stream.
      scope.mailbox().signal(this::abandonBroken);
      return ProtocolStep.NONE;
    }
  }

  private void abandonBroken() {
    if (run != null) {
      abandon(
          new TurnOutcome.Failed(
              StandardError.PROVIDER_FAILED.name(),
              "the protocol of architecture '"
                  + scope.architecture().id()
                  + "' failed on the agent's output",
              false));
    }
  }

  private void apply(
      AgentRun current,
      String kind,
      Map<String, Object> argument,
      ProtocolStep step,
      SessionEvent.@Nullable InputApplied journaled) {
    List<Draft> drafts = new ArrayList<>(step.emissions().size() + 1);
    InputApplied input = record(current, kind, argument, step, journaled, drafts);
    boolean toolEnded = false;
    for (Emission emission : step.emissions()) {
      int index = current.nextIndex();
      SessionEvent event = deltas.apply(emission.event());
      if (!current.replay().knows(index)) {
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
      byte[] stdin = Replay.stdin(input);
      journal.whenCommitted(
          () -> {
            if (stdin.length > 0) {
              current.writer().write(input.stdinOffset(), stdin);
            }
            if (step.closeStdin()) {
              current.writer().closeStdin();
            }
          });
    }
    if (toolEnded) {
      sandbox.scanSoon();
    }
    TurnOutcome outcome = step.outcome();
    if (outcome != null && turn != null && turn.wasGiven()) {
      // A program that was signalled until it ended says nothing about how the turn ended.
      boolean stopped = turn.failureCode() != null || (turn.interrupted() && run == null);
      finish(stopped ? outcomeOfStop(turn) : outcome);
    }
  }

  /**
   * The input as the log has it or will have it, before the events that it leads to; null when it
   * was only a line without an answer.
   */
  private @Nullable InputApplied record(
      AgentRun current,
      String kind,
      Map<String, Object> argument,
      ProtocolStep step,
      @Nullable InputApplied journaled,
      List<Draft> drafts) {
    boolean writes = step.stdin().length > 0 || step.closeStdin();
    InputApplied known = journaled;
    if (known == null && writes && kind.equals(Replay.REPLY)) {
      known = current.replay().reply(current.decoded());
    }
    if (known != null) {
      current.decided(known.stdinOffset() + Replay.stdin(known).length);
      return known;
    }
    if (!writes && (kind.equals(Replay.REPLY) || kind.equals("exit"))) {
      return null;
    }
    InputApplied input =
        new InputApplied(
            kind,
            current.decoded(),
            current.decide(step.stdin().length),
            Base64.getEncoder().encodeToString(step.stdin()),
            argument);
    drafts.add(Draft.session(turnId(), input));
    return input;
  }

  /** Ends the active turn: nothing stays open, and the end is in the log. */
  private void finish(TurnOutcome outcome) {
    ActiveTurn ended = turn;
    if (ended == null) {
      return;
    }
    AgentRun current = run;
    RangeEnd end =
        current == null
            ? null
            : new RangeEnd(current.decoded(), current.decided(), snapshot(current));
    turnEnd.write(ended, outcome, end, lastError);
    turn = null;
    lastError = null;
    retried = false;
    if (current != null) {
      current.newRange();
      if (end != null) {
        journal.whenCommitted(() -> current.writer().release(end.stdoutOffset()));
      }
      if (!current.servesManyTurns()) {
        journal.whenCommitted(current.writer()::closeStdin);
        run = null;
      }
    }
    deltas = new DeltaMask(scope.mask());
    listener.turnEnded();
  }

  private Map<String, Object> snapshot(AgentRun current) {
    try {
      return current.protocol().snapshot();
    } catch (RuntimeException e) {
      log.error("session {}: the protocol's snapshot failed", scope.id(), e);
      return Map.of();
    }
  }

  private @Nullable TurnId turnId() {
    ActiveTurn current = turn;
    return current == null || !current.begun() ? null : current.id();
  }

  private void onLines(AgentRun from, List<LineSplitter.Line> lines) {
    for (LineSplitter.Line line : lines) {
      if (run != from) {
        return;
      }
      from.decoded(line.end());
      String text = line.text();
      ProtocolStep step =
          guarded(
              () ->
                  text == null
                      ? from.protocol().onOversizedLine(line.bytes())
                      : from.protocol().onStdout(text));
      apply(from, Replay.REPLY, Map.of(), step, null);
      applyDue(from);
    }
    // The program blocks when too much of its output is kept.
    if (from.decoded() - from.released() > RELEASE_BEYOND) {
      long upTo = from.decoded();
      from.released(upTo);
      journal.whenCommitted(() -> from.writer().release(upTo));
    }
  }

  private void onExit(AgentRun from, ExitStatus status, String stderrTail) {
    if (run != from) {
      from.close();
      return;
    }
    String tail = scope.mask().mask(stderrTail);
    log.info("session {}: the agent's process ended with {}", scope.id(), status.code());
    ProtocolStep step = guarded(() -> from.protocol().onExit(status, tail));
    run = null;
    from.close();
    apply(from, "exit", Map.of("code", status.code()), step, null);
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

  /** Brings the reader's findings to the actor. */
  private final class Sink implements OutputSink {
    private final AgentRun from;

    Sink(AgentRun from) {
      this.from = from;
    }

    @Override
    public void awaitRoom() throws InterruptedException {
      scope.log().awaitRoom();
    }

    @Override
    public void lines(List<LineSplitter.Line> lines) throws InterruptedException {
      scope.mailbox().output(() -> onLines(from, lines));
    }

    @Override
    public void exited(ExitStatus status, String stderrTail) {
      scope.mailbox().signal(() -> onExit(from, status, stderrTail));
    }

    @Override
    public void lost(AgentRuntimeException reason) {
      scope
          .mailbox()
          .signal(
              () -> {
                if (run != from) {
                  from.close();
                } else if (reason.code() == StandardError.SANDBOX_LOST) {
                  sandboxLost(reason);
                } else {
                  abandon(failed(reason));
                }
              });
    }
  }
}
