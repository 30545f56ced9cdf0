// SPDX-License-Identifier: MIT

package io.agentruntime.core.turn;

import io.agentruntime.core.sandbox.AgentEnvironment;
import io.agentruntime.core.sandbox.SessionSandbox;
import io.agentruntime.core.session.QueuedMessage;
import io.agentruntime.core.state.SessionJournal;
import io.agentruntime.core.state.SessionScope;
import io.agentruntime.error.AgentRuntimeException;
import io.agentruntime.error.StandardError;
import io.agentruntime.model.event.PermissionAnswer;
import io.agentruntime.model.event.SessionEvent;
import io.agentruntime.model.turn.TurnId;
import io.agentruntime.model.turn.TurnOutcome;
import io.agentruntime.spi.sandbox.ExitStatus;
import io.agentruntime.spi.sandbox.ProcessSignal;
import io.agentruntime.spi.sandbox.SandboxProcess;
import java.time.Duration;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Drives one turn at a time: brings it together with an agent process, asks it to stop, and ends it
 * however it ends. Owns the active turn and the dialogue with the agent. Confined to the session's
 * actor.
 */
public final class TurnDriver implements AgentDialogue.Owner, AgentProcesses.Owner {
  private static final Logger log = LoggerFactory.getLogger(TurnDriver.class);
  private static final String WORKSPACE_ONLY = "workspace-only";
  private static final String FORGOTTEN =
      "The agent begins a new conversation: what was said before is kept here, but it cannot"
          + " continue it.";

  /** What the actor wants to know. */
  public interface Listener {
    /** The runtime state changed. */
    void statusChanged();

    /** A turn ended. */
    void turnEnded();
  }

  private final SessionScope scope;
  private final SessionJournal journal;
  private final SessionSandbox sandbox;
  private final Listener listener;
  private final AgentProcesses processes;
  private final TurnStart turnStart;
  private final TurnEnd turnEnd;
  private final TurnFailures failures;
  private @Nullable ActiveTurn turn;
  private @Nullable AgentDialogue dialogue;

  /**
   * Without a turn.
   *
   * @param environment variables for agents
   * @param listener is told what happens, on the actor's thread
   */
  public TurnDriver(
      SessionScope scope,
      SessionJournal journal,
      SessionSandbox sandbox,
      AgentEnvironment environment,
      Listener listener) {
    this.scope = scope;
    this.journal = journal;
    this.sandbox = sandbox;
    this.listener = listener;
    this.processes = new AgentProcesses(scope, journal, sandbox, environment, this);
    this.turnStart = new TurnStart(journal, scope.architecture());
    this.turnEnd = new TurnEnd(journal);
    this.failures = new TurnFailures(scope.architecture().id(), scope.mask());
  }

  @Override
  public @Nullable ActiveTurn active() {
    return turn;
  }

  /** The dialogue with the agent's process, null when there is none. */
  @Nullable AgentDialogue dialogue() {
    return dialogue;
  }

  /** Where the agent's process comes from. */
  AgentProcesses processes() {
    return processes;
  }

  @Override
  public boolean isCurrent(AgentDialogue asking) {
    return dialogue == asking;
  }

  @Override
  public boolean needsAgent() {
    return turn != null;
  }

  /** Begins the turn of a message; there must be no active one. */
  void start(QueuedMessage message) {
    turn = new ActiveTurn(message, scope.clock().instant());
    if (dialogue != null) {
      begin(dialogue);
    } else {
      processes.ensure();
    }
  }

  /** Forgets a turn that has not begun; its message still waits. */
  public void letGo() {
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
    turnStart.userBlock(turnId(), message);
    current.give(message);
  }

  /**
   * Gives the answer to a permission request to the agent.
   *
   * @param given called once that is in the journal, although perhaps not committed
   */
  public void answer(PermissionAnswer answer, Runnable given) {
    AgentDialogue current = dialogue;
    if (current == null) {
      journal.append(turnId(), new SessionEvent.PermissionResolved(answer));
      given.run();
    } else {
      current.answer(answer, given);
    }
  }

  /** Asks the agent to stop; how it stops ends the turn. */
  public void interrupt() {
    interrupt(scope.config().interruptGrace());
  }

  /**
   * Asks the agent to stop.
   *
   * @param grace how long it may take before it is signalled; of several the shortest counts
   */
  public void interrupt(Duration grace) {
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
      turnStart.write(current, null);
      finish(TurnFailures.stopped(current));
    } else if (running != null) {
      running.interrupt(current);
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
        turnStart.write(current, null);
      }
      finish(outcome);
    }
  }

  /** Takes the sandbox as gone. */
  public void sandboxLost(AgentRuntimeException reason) {
    close();
    sandbox.lost(reason.getMessage());
    if (!processes.isComing()) {
      fail(reason);
    }
  }

  /** Closes the process's streams; the process is left alone. */
  public void close() {
    AgentDialogue running = dialogue;
    dialogue = null;
    if (running != null) {
      running.close();
    }
  }

  /** Takes a turn that an earlier server began as the active one. */
  void resume(ActiveTurn resumed) {
    turn = resumed;
    turnStart.userBlock(resumed.id(), resumed.message());
  }

  /** Goes on with a dialogue that an earlier server began, in which all was done again. */
  void goOn(AgentDialogue again) {
    ActiveTurn current = turn;
    if (current == null || dialogue != again) {
      return;
    }
    if (!current.begun()) {
      begin(again);
    } else if (current.interrupted() && !current.wasAsked()) {
      again.interrupt(current);
    }
  }

  /** Talks to a process from now on. */
  AgentDialogue talkTo(AgentRun run) {
    AgentDialogue begun = new AgentDialogue(scope, journal, run, this);
    dialogue = begun;
    return begun;
  }

  @Override
  public void started(AgentLauncher.Started started) {
    if (!started.resumes() && journal.fold().wasAnswered()) {
      journal.append(null, new SessionEvent.ContextRestored(WORKSPACE_ONLY, FORGOTTEN));
    }
    AgentDialogue begun = talkTo(started.run());
    begun.listen();
    begun.start(started.argument());
    if (dialogue == begun) {
      begin(begun);
    }
  }

  @Override
  public void notStarted(AgentRuntimeException reason) {
    fail(reason);
  }

  private void begin(AgentDialogue current) {
    ActiveTurn starting = turn;
    if (starting != null) {
      turnStart.write(starting, current.run());
      listener.statusChanged();
      current.give(starting.message());
    }
  }

  /** Ends the turn, if there is one, because something around the agent failed. */
  void fail(AgentRuntimeException error) {
    ActiveTurn current = turn;
    if (current == null) {
      return;
    }
    if (!current.begun()) {
      turnStart.write(current, null);
    }
    finish(failures.because(error));
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
    processes.turnEnded();
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
      finish(stopped ? TurnFailures.stopped(current) : outcome, from.lastError());
    }
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
      finish(failures.exited(current, status));
    } else if (current != null) {
      processes.ensure();
    }
  }

  @Override
  public void lost(AgentDialogue from, AgentRuntimeException reason) {
    if (dialogue != from) {
      from.close();
    } else if (reason.code() == StandardError.SANDBOX_LOST) {
      sandboxLost(reason);
    } else {
      abandon(failures.because(reason));
    }
  }

  @Override
  public void broken(AgentDialogue from, Throwable failure) {
    if (dialogue == from) {
      abandon(failures.brokenProtocol(failure));
    }
  }

  @Override
  public void writeFailed(SandboxProcess process, AgentRuntimeException reason) {
    AgentDialogue current = dialogue;
    if (current != null && current.run().process() == process) {
      abandon(failures.because(reason));
    }
  }
}
