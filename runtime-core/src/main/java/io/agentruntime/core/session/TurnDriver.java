package io.agentruntime.core.session;

import io.agentruntime.core.event.Draft;
import io.agentruntime.core.sandbox.PreparedSandbox;
import io.agentruntime.core.secret.DeltaMask;
import io.agentruntime.core.turn.AgentRun;
import io.agentruntime.core.turn.LineSplitter;
import io.agentruntime.core.turn.OutputSink;
import io.agentruntime.core.turn.StdoutReader;
import io.agentruntime.error.AgentRuntimeException;
import io.agentruntime.error.StandardError;
import io.agentruntime.model.block.Block;
import io.agentruntime.model.block.BlockHeader;
import io.agentruntime.model.block.BlockStatus;
import io.agentruntime.model.conversation.ConversationId;
import io.agentruntime.model.conversation.ConversationMetadata;
import io.agentruntime.model.event.Emission;
import io.agentruntime.model.event.EventEnvelope;
import io.agentruntime.model.event.PermissionAnswer;
import io.agentruntime.model.event.PermissionRequest;
import io.agentruntime.model.event.RangeEnd;
import io.agentruntime.model.event.RangeStart;
import io.agentruntime.model.event.SessionEvent;
import io.agentruntime.model.turn.MessageId;
import io.agentruntime.model.turn.TurnId;
import io.agentruntime.model.turn.TurnOutcome;
import io.agentruntime.spi.architecture.AgentProgram;
import io.agentruntime.spi.architecture.AgentProtocol;
import io.agentruntime.spi.architecture.ProgramRequest;
import io.agentruntime.spi.architecture.ProtocolStart;
import io.agentruntime.spi.architecture.ProtocolStep;
import io.agentruntime.spi.architecture.TurnInput;
import io.agentruntime.spi.sandbox.ExitStatus;
import io.agentruntime.spi.sandbox.ProcessId;
import io.agentruntime.spi.sandbox.ProcessSignal;
import io.agentruntime.spi.sandbox.ProcessSpec;
import io.agentruntime.spi.sandbox.Sandbox;
import io.agentruntime.spi.sandbox.SandboxProcess;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Base64;
import java.util.LinkedHashMap;
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
  private static final long RELEASE_EVERY = 8L << 20;
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
    input(
        current,
        "turn",
        Map.of("messageId", message.messageId().value()),
        () -> current.protocol().onTurn(new TurnInput(message.messageId(), message.content())));
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
      input(running, "interrupt", Map.of(), running.protocol()::interrupt);
    }
  }

  /** Gives the answer to a permission request to the agent. */
  void answer(PermissionAnswer answer) {
    AgentRun current = run;
    if (current == null) {
      journal.append(turnId(), new SessionEvent.PermissionResolved(answer));
    } else {
      input(
          current,
          "answer",
          Map.of("requestId", answer.requestId(), "allowed", answer.allowed()),
          () -> current.protocol().answer(answer));
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
    int number = incarnation;
    Map<String, Object> options =
        SessionOptions.effective(scope.profile(), journal.fold().record());
    String nativeId = journal.fold().nativeId();
    ConversationMetadata metadata = journal.fold().metadata();
    scope
        .worker()
        .submit(
            () -> startNow(prepared, number, options, nativeId, metadata),
            (started, error) -> {
              startingProcess = false;
              if (sandbox.prepared() != prepared) {
                if (started != null) {
                  started.close();
                }
                if (turn != null) {
                  ensureProcess();
                }
              } else if (started != null) {
                attach(started);
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

  /** Never a number that an earlier life of this session has used: each life begins later. */
  private int incarnationAfterReload() {
    return incarnation > 0 || !journal.fold().everRan()
        ? 1
        : (int) Math.min(Integer.MAX_VALUE - 1_000_000, journal.fold().lastSeq());
  }

  private AgentRun startNow(
      PreparedSandbox prepared,
      int number,
      Map<String, Object> options,
      @Nullable String nativeId,
      ConversationMetadata metadata)
      throws InterruptedException {
    Sandbox box = prepared.sandbox();
    boolean resume = scope.transcript().existsIn(box, nativeId);
    AgentProgram program =
        scope
            .architecture()
            .program(
                new ProgramRequest(
                    scope.id(), nativeId, scope.profile(), options, resume, box.paths()));
    Map<String, String> environment =
        new LinkedHashMap<>(scope.environment().variables(scope.architecture(), box));
    environment.putAll(prepared.environment());
    environment.putAll(program.environment());
    SandboxProcess process =
        box.start(
            new ProcessSpec(
                new ProcessId("agent-" + number),
                program.command(),
                environment,
                program.workingDirectory(),
                ProcessSpec.DEFAULT_SPOOL_LIMIT));
    AgentProtocol protocol =
        scope
            .architecture()
            .protocol(
                new ProtocolStart(
                    scope.id(),
                    nativeId,
                    scope.profile(),
                    options,
                    resume,
                    number,
                    Map.of(),
                    metadata));
    return new AgentRun(
        "session-" + scope.id() + "-agent-" + number,
        box,
        process,
        protocol,
        program.servesManyTurns(),
        error -> scope.mailbox().signal(() -> writeFailed(process, error)));
  }

  private void writeFailed(SandboxProcess process, AgentRuntimeException error) {
    AgentRun current = run;
    if (current != null && current.process() == process) {
      abandon(failed(error));
    }
  }

  private void attach(AgentRun started) {
    run = started;
    started.reading(
        new StdoutReader(
            "session-" + scope.id() + "-stdout",
            started.sandbox(),
            started.process(),
            0,
            scope.mask(),
            PATIENCE,
            new Sink(started)));
    input(started, "start", Map.of(), started.protocol()::onStart);
    if (turn != null && run == started) {
      begin(started);
    }
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
    input(
        current,
        "turn",
        Map.of("messageId", messageId.value()),
        () -> current.protocol().onTurn(new TurnInput(messageId, starting.message().content())));
  }

  private void beginWithoutProcess(ActiveTurn starting) {
    starting.begin();
    journal.append(
        starting.id(), new SessionEvent.TurnStarted(starting.message().messageId(), null));
    emitUserBlock(starting.message());
  }

  private void emitUserBlock(QueuedMessage message) {
    Block.UserMessage block =
        new Block.UserMessage(BlockHeader.pending(message.messageId().value()), message.content());
    journal.append(turnId(), new SessionEvent.BlockStarted(block));
    journal.append(
        turnId(),
        new SessionEvent.BlockCompleted(
            block.withHeader(BlockHeader.complete(message.messageId().value()))));
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
    apply(current, kind, argument, guarded(call));
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
      AgentRun current, String kind, Map<String, Object> argument, ProtocolStep step) {
    List<Draft> drafts = new ArrayList<>(step.emissions().size() + 1);
    boolean toolEnded = false;
    for (Emission emission : step.emissions()) {
      SessionEvent event = deltas.apply(emission.event());
      drafts.add(new Draft(emission.conversationId(), turnId(), current.nextIndex(), event));
      if (event instanceof SessionEvent.ErrorRaised raised) {
        lastError = raised;
      }
      toolEnded |=
          event instanceof SessionEvent.BlockCompleted completed
              && completed.block() instanceof Block.ToolResult;
    }
    byte[] stdin = step.stdin();
    if (stdin.length > 0 || step.closeStdin()) {
      long offset = current.decide(stdin.length);
      drafts.add(
          Draft.session(
              turnId(),
              new SessionEvent.InputApplied(
                  kind,
                  current.decoded(),
                  offset,
                  Base64.getEncoder().encodeToString(stdin),
                  argument)));
      journal.append(drafts);
      journal.whenCommitted(
          () -> {
            if (stdin.length > 0) {
              current.writer().write(offset, stdin);
            }
            if (step.closeStdin()) {
              current.writer().closeStdin();
            }
          });
    } else {
      journal.append(drafts);
    }
    if (toolEnded) {
      sandbox.scanSoon();
    }
    TurnOutcome outcome = step.outcome();
    if (outcome != null && turn != null && turn.begun()) {
      // A program that was signalled until it ended says nothing about how the turn ended.
      boolean stopped = turn.failureCode() != null || (turn.interrupted() && run == null);
      finish(stopped ? outcomeOfStop(turn) : outcome);
    }
  }

  /** Ends the active turn: nothing stays open, and the end is in the log. */
  private void finish(TurnOutcome outcome) {
    ActiveTurn ended = turn;
    if (ended == null) {
      return;
    }
    completeOpenBlocks(outcome);
    for (PermissionRequest open : journal.fold().permissions()) {
      journal.append(
          ended.id(),
          new SessionEvent.PermissionResolved(
              new PermissionAnswer(
                  open.requestId(), false, null, "the turn has ended", "turn-end")));
    }
    AgentRun current = run;
    RangeEnd end =
        current == null
            ? null
            : new RangeEnd(current.decoded(), current.decided(), snapshot(current));
    MessageId messageId = ended.message().messageId();
    switch (outcome) {
      case TurnOutcome.Completed c ->
          journal.append(
              ended.id(), new SessionEvent.TurnCompleted(messageId, ended.durationMillis(), end));
      case TurnOutcome.Failed f -> {
        SessionEvent raised = new SessionEvent.ErrorRaised(f.code(), f.message(), f.retryable());
        if (!raised.equals(lastError)) {
          journal.append(ended.id(), raised);
        }
        journal.append(
            ended.id(), new SessionEvent.TurnFailed(messageId, f.code(), f.message(), end));
      }
      case TurnOutcome.Interrupted i ->
          journal.append(ended.id(), new SessionEvent.TurnInterrupted(messageId, end));
    }
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

  private void completeOpenBlocks(TurnOutcome outcome) {
    BlockStatus status =
        outcome instanceof TurnOutcome.Completed ? BlockStatus.COMPLETE : BlockStatus.ERROR;
    List<Draft> drafts = new ArrayList<>();
    journal
        .fold()
        .openBlocks()
        .forEach(
            (conversation, blocks) -> {
              for (Block block : blocks) {
                drafts.add(closing(conversation, block, status));
              }
            });
    journal.append(drafts);
  }

  private Draft closing(ConversationId conversation, Block block, BlockStatus status) {
    Block closed = OpenBlocks.close(block, status);
    return new Draft(
        conversation,
        turnId(),
        EventEnvelope.NOT_PROTOCOL,
        new SessionEvent.BlockCompleted(closed));
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
      input(
          from,
          "reply",
          Map.of(),
          () ->
              text == null
                  ? from.protocol().onOversizedLine(line.bytes())
                  : from.protocol().onStdout(text));
    }
    // The program blocks when too much of its output is kept.
    if (from.decoded() - from.released() > RELEASE_EVERY) {
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
    apply(from, "exit", Map.of("code", status.code()), step);
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
