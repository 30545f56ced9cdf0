// SPDX-License-Identifier: MIT

package io.agentruntime.core.turn;

import io.agentruntime.core.session.QueuedMessage;
import io.agentruntime.core.state.SessionJournal;
import io.agentruntime.model.block.Block;
import io.agentruntime.model.block.BlockHeader;
import io.agentruntime.model.block.BlockStatus;
import io.agentruntime.model.conversation.ConversationId;
import io.agentruntime.model.event.RangeStart;
import io.agentruntime.model.event.SessionEvent;
import io.agentruntime.model.turn.TurnId;
import io.agentruntime.spi.architecture.AgentArchitecture;
import org.jspecify.annotations.Nullable;

/** Writes the start of a turn and what the user said into the log. Confined to the actor. */
final class TurnStart {
  private final SessionJournal journal;
  private final AgentArchitecture architecture;

  TurnStart(SessionJournal journal, AgentArchitecture architecture) {
    this.journal = journal;
    this.architecture = architecture;
  }

  /**
   * Begins a turn.
   *
   * @param turn the turn
   * @param run the process that serves it, null for a turn that ends before there is one
   */
  void write(ActiveTurn turn, @Nullable AgentRun run) {
    turn.begin();
    journal.append(
        turn.id(),
        new SessionEvent.TurnStarted(
            turn.message().messageId(), run == null ? null : rangeStart(run)));
    userBlock(turn.id(), turn.message());
  }

  /** Shows the user's message, or what a crash has left out of it. */
  void userBlock(@Nullable TurnId turn, QueuedMessage message) {
    String id = message.messageId().value();
    Block.UserMessage block = new Block.UserMessage(BlockHeader.pending(id), message.content());
    Block known = journal.fold().block(ConversationId.MAIN, block.id()).orElse(null);
    if (known == null) {
      journal.append(turn, new SessionEvent.BlockStarted(block));
    }
    if (known == null || known.status() == BlockStatus.PENDING) {
      journal.append(
          turn, new SessionEvent.BlockCompleted(block.withHeader(BlockHeader.complete(id))));
    }
  }

  private RangeStart rangeStart(AgentRun run) {
    return new RangeStart(
        run.sandbox().id(),
        run.process().id().value(),
        run.decoded(),
        run.decided(),
        architecture.id(),
        architecture.decoderVersion());
  }
}
