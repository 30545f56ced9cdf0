// SPDX-License-Identifier: MIT

package io.agentruntime.core.session;

import io.agentruntime.core.event.Draft;
import io.agentruntime.core.sandbox.PreparedSandbox;
import io.agentruntime.core.sandbox.SessionSandbox;
import io.agentruntime.core.state.RangeLog;
import io.agentruntime.core.state.SessionFold;
import io.agentruntime.core.state.SessionJournal;
import io.agentruntime.core.state.SessionScope;
import io.agentruntime.core.turn.AgentTakeover;
import io.agentruntime.core.turn.OpenBlocks;
import io.agentruntime.core.turn.TurnDriver;
import io.agentruntime.model.block.Block;
import io.agentruntime.model.block.BlockStatus;
import io.agentruntime.model.conversation.ConversationId;
import io.agentruntime.model.event.EventEnvelope;
import io.agentruntime.model.event.SessionEvent;
import io.agentruntime.model.session.SandboxState;
import io.agentruntime.model.session.SandboxStatus;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Goes on where an earlier server stopped without having ended anything: takes over the sandbox
 * that the log names, and the process in it. Confined to the actor.
 */
final class SessionRecovery {
  private static final Logger log = LoggerFactory.getLogger(SessionRecovery.class);

  /** Says, as the first event of a log, that the transcript tells of things before it. */
  static final String IMPORTED = "imported";

  private final SessionScope scope;
  private final SessionJournal journal;
  private final SessionSandbox sandbox;
  private final TurnDriver driver;
  private final AgentTakeover takeover;
  private final Runnable goOn;
  private final CompletableFuture<@Nullable Void> done = new CompletableFuture<>();

  /**
   * A recovery.
   *
   * @param goOn called once turns may begin
   */
  SessionRecovery(
      SessionScope scope,
      SessionJournal journal,
      SessionSandbox sandbox,
      TurnDriver driver,
      AgentTakeover takeover,
      Runnable goOn) {
    this.scope = scope;
    this.journal = journal;
    this.sandbox = sandbox;
    this.driver = driver;
    this.takeover = takeover;
    this.goOn = goOn;
  }

  /** Whether it is known what is left of earlier servers; until then no turn may begin. */
  boolean isDone() {
    return done.isDone();
  }

  /** Does something once it is known what is left of earlier servers. */
  void then(Runnable action) {
    if (done.isDone()) {
      action.run();
    } else {
      CompletableFuture<@Nullable Void> later = done.thenRun(() -> scope.mailbox().signal(action));
      log.trace("session {}: waiting for its recovery, {}", scope.id(), later);
    }
  }

  /** Done when it is known what is left of earlier servers. Thread-safe. */
  CompletableFuture<@Nullable Void> done() {
    return done;
  }

  /** Looks for what was left. */
  void run() {
    SessionFold fold = journal.fold();
    if (fold.lastSeq() == 0 && fold.everRan()) {
      // Later loads have to know that there is a past before this log.
      journal.append(null, new SessionEvent.ContextRestored(IMPORTED, null));
    }
    SandboxState left = fold.lastSandbox();
    RangeLog range = fold.range().copy();
    fold.openTurn().ifPresent(takeover::resume);
    if (left != null
        && (left.status() == SandboxStatus.READY || left.status() == SandboxStatus.UNHEALTHY)) {
      sandbox.adopt(left, prepared -> finish(prepared, range));
    } else {
      finish(null, range);
    }
  }

  private void finish(@Nullable PreparedSandbox prepared, RangeLog range) {
    boolean open = driver.active() != null;
    RangeLog.ProcessStart process = range.process();
    if (prepared != null && process != null && (!open || range.range() != null)) {
      takeover.begin(prepared, range, process);
    } else if (open) {
      takeover.lost("the server ended during the turn, and its sandbox is gone");
    } else {
      closeLeftBlocks();
    }
    done.complete(null);
    goOn.run();
  }

  /** What an agent said between turns may have been cut off. */
  private void closeLeftBlocks() {
    journal
        .fold()
        .openBlocks()
        .forEach((conversation, blocks) -> blocks.forEach(b -> closeBlock(conversation, b)));
  }

  private void closeBlock(ConversationId conversation, Block block) {
    journal.append(
        java.util.List.of(
            new Draft(
                conversation,
                null,
                EventEnvelope.NOT_PROTOCOL,
                new SessionEvent.BlockCompleted(OpenBlocks.close(block, BlockStatus.ERROR)))));
  }
}
