// SPDX-License-Identifier: MIT

package io.agentruntime.core.session;

import io.agentruntime.core.state.SessionJournal;
import io.agentruntime.core.turn.AgentTakeover;
import io.agentruntime.core.turn.TurnDriver;
import io.agentruntime.error.AgentRuntimeException;
import io.agentruntime.error.StandardError;
import io.agentruntime.model.event.PermissionAnswer;
import java.util.HashSet;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;

/**
 * Takes answers to permission requests, the first of each, and gives them to the agent as soon as
 * it can be spoken to. Owns which answers are on their way. Confined to the actor.
 */
final class PermissionAnswers {
  private final SessionJournal journal;
  private final SessionRecovery recovery;
  private final AgentTakeover takeover;
  private final TurnDriver driver;
  private final Set<String> answering = new HashSet<>();

  PermissionAnswers(
      SessionJournal journal, SessionRecovery recovery, AgentTakeover takeover, TurnDriver driver) {
    this.journal = journal;
    this.recovery = recovery;
    this.takeover = takeover;
    this.driver = driver;
  }

  /**
   * Takes an answer.
   *
   * @return done when it is in the journal
   * @throws AgentRuntimeException {@code PERMISSION_NOT_FOUND} when nothing is asked, or answered
   *     already
   */
  CompletableFuture<@Nullable Void> take(PermissionAnswer answer) {
    requireAsked(answer);
    // The first answer wins, also while it cannot be given yet.
    if (!answering.add(answer.requestId())) {
      throw notAsked(answer);
    }
    CompletableFuture<@Nullable Void> given = new CompletableFuture<>();
    recovery.then(() -> takeover.onceDone(() -> give(answer, given)));
    return given;
  }

  private void give(PermissionAnswer answer, CompletableFuture<@Nullable Void> given) {
    try {
      requireAsked(answer);
      driver.answer(
          answer,
          () -> {
            answering.remove(answer.requestId());
            given.complete(null);
          });
    } catch (AgentRuntimeException e) {
      answering.remove(answer.requestId());
      given.completeExceptionally(e);
    }
  }

  private void requireAsked(PermissionAnswer answer) {
    if (journal.fold().permissions().stream()
        .noneMatch(request -> request.requestId().equals(answer.requestId()))) {
      throw notAsked(answer);
    }
  }

  private static AgentRuntimeException notAsked(PermissionAnswer answer) {
    return new AgentRuntimeException(
        StandardError.PERMISSION_NOT_FOUND,
        "no permission request " + answer.requestId() + " is open");
  }
}
