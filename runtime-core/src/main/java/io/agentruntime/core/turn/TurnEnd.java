// SPDX-License-Identifier: MIT

package io.agentruntime.core.turn;

import io.agentruntime.core.event.Draft;
import io.agentruntime.core.state.SessionJournal;
import io.agentruntime.model.block.Block;
import io.agentruntime.model.block.BlockStatus;
import io.agentruntime.model.event.EventEnvelope;
import io.agentruntime.model.event.PermissionAnswer;
import io.agentruntime.model.event.PermissionRequest;
import io.agentruntime.model.event.RangeEnd;
import io.agentruntime.model.event.SessionEvent;
import io.agentruntime.model.turn.MessageId;
import io.agentruntime.model.turn.TurnId;
import io.agentruntime.model.turn.TurnOutcome;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Writes the end of a turn into the log: nothing stays open. Confined to the actor. */
final class TurnEnd {
  private final SessionJournal journal;

  TurnEnd(SessionJournal journal) {
    this.journal = journal;
  }

  /**
   * Ends a turn.
   *
   * @param turn the turn
   * @param outcome how it ended
   * @param end where its range ended, null when it had no process
   * @param said the error that clients were told of last in this turn, if any
   */
  void write(
      ActiveTurn turn,
      TurnOutcome outcome,
      @Nullable RangeEnd end,
      SessionEvent.@Nullable ErrorRaised said) {
    TurnId id = turn.id();
    closeBlocks(
        id, outcome instanceof TurnOutcome.Completed ? BlockStatus.COMPLETE : BlockStatus.ERROR);
    for (PermissionRequest open : journal.fold().permissions()) {
      journal.append(
          id,
          new SessionEvent.PermissionResolved(
              new PermissionAnswer(
                  open.requestId(), false, null, "the turn has ended", "turn-end")));
    }
    MessageId messageId = turn.message().messageId();
    switch (outcome) {
      case TurnOutcome.Completed c ->
          journal.append(id, new SessionEvent.TurnCompleted(messageId, turn.durationMillis(), end));
      case TurnOutcome.Failed f -> {
        SessionEvent raised = new SessionEvent.ErrorRaised(f.code(), f.message(), f.retryable());
        if (!raised.equals(said)) {
          journal.append(id, raised);
        }
        journal.append(id, new SessionEvent.TurnFailed(messageId, f.code(), f.message(), end));
      }
      case TurnOutcome.Interrupted i ->
          journal.append(id, new SessionEvent.TurnInterrupted(messageId, end));
    }
  }

  private void closeBlocks(TurnId id, BlockStatus status) {
    List<Draft> drafts = new ArrayList<>();
    journal
        .fold()
        .openBlocks()
        .forEach(
            (conversation, blocks) -> {
              for (Block block : blocks) {
                drafts.add(
                    new Draft(
                        conversation,
                        id,
                        EventEnvelope.NOT_PROTOCOL,
                        new SessionEvent.BlockCompleted(OpenBlocks.close(block, status))));
              }
            });
    journal.append(drafts);
  }
}
