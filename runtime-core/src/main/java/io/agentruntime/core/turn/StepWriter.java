// SPDX-License-Identifier: MIT

package io.agentruntime.core.turn;

import io.agentruntime.core.event.Draft;
import io.agentruntime.core.secret.DeltaMask;
import io.agentruntime.core.secret.SecretMask;
import io.agentruntime.core.state.SessionJournal;
import io.agentruntime.model.block.Block;
import io.agentruntime.model.event.Emission;
import io.agentruntime.model.event.SessionEvent;
import io.agentruntime.model.event.SessionEvent.InputApplied;
import io.agentruntime.model.turn.TurnId;
import io.agentruntime.spi.architecture.ProtocolStep;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Carries out what the protocol decides: its events go into the log, once, and its bytes go to the
 * process when the log has them. Confined to the session's actor.
 */
final class StepWriter {
  /** Kind of the input that says that the process has ended. */
  static final String EXIT = "exit";

  private final SessionJournal journal;
  private final AgentRun run;
  private final SecretMask mask;
  private DeltaMask deltas;
  private SessionEvent.@Nullable ErrorRaised lastError;

  StepWriter(SessionJournal journal, AgentRun run, SecretMask mask) {
    this.journal = journal;
    this.run = run;
    this.mask = mask;
    this.deltas = new DeltaMask(mask);
  }

  /** The error that clients were told of last in this range, if any. */
  SessionEvent.@Nullable ErrorRaised lastError() {
    return lastError;
  }

  /** Begins a new range of output. */
  void newRange() {
    deltas = new DeltaMask(mask);
    lastError = null;
  }

  /**
   * Carries out a step.
   *
   * @param turn the turn that it belongs to, if any
   * @param kind of the input that led to it
   * @param argument of that input
   * @param step what the protocol decided
   * @param journaled the input as the log has it when it is repeated, null for a new one
   * @return whether a tool has ended with it
   */
  boolean write(
      @Nullable TurnId turn,
      String kind,
      Map<String, Object> argument,
      ProtocolStep step,
      @Nullable InputApplied journaled) {
    List<Draft> drafts = new ArrayList<>(step.emissions().size() + 1);
    InputApplied input = record(turn, kind, argument, step, journaled, drafts);
    boolean toolEnded = false;
    for (Emission emission : step.emissions()) {
      int index = run.nextIndex();
      SessionEvent event = deltas.apply(emission.event());
      if (!run.replay().knows(index)) {
        drafts.add(new Draft(emission.conversationId(), turn, index, event));
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
      send(input, step.closeStdin());
    }
    return toolEnded;
  }

  /**
   * The input as the log has it or will have it, before the events that it leads to; null when it
   * was only a line without an answer.
   */
  private @Nullable InputApplied record(
      @Nullable TurnId turn,
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
    if (!writes && (kind.equals(Replay.REPLY) || kind.equals(EXIT))) {
      return null;
    }
    InputApplied input =
        new InputApplied(
            kind,
            run.decoded(),
            run.decide(step.stdin().length),
            Base64.getEncoder().encodeToString(step.stdin()),
            argument);
    drafts.add(Draft.session(turn, input));
    return input;
  }

  private void send(InputApplied input, boolean closeStdin) {
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
}
