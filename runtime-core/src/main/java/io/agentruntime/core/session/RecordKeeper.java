// SPDX-License-Identifier: MIT

package io.agentruntime.core.session;

import io.agentruntime.core.state.SessionFold;
import io.agentruntime.core.state.SessionJournal;
import io.agentruntime.core.state.SessionScope;
import io.agentruntime.error.AgentRuntimeException;
import io.agentruntime.model.event.SessionEvent;
import io.agentruntime.model.session.SessionUpdate;
import io.agentruntime.spi.persistence.RecordUpdate;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Changes a session's record and stores it. Confined to the actor; storing is done by a worker of
 * its own, so that it never waits for a sandbox that is being prepared.
 */
final class RecordKeeper {
  private static final Logger log = LoggerFactory.getLogger(RecordKeeper.class);

  private final SessionScope scope;
  private final SessionJournal journal;
  private final SessionFold committed;
  private final Runnable changed;

  /**
   * A keeper.
   *
   * @param committed the state with everything committed, guarded by the log's lock
   * @param changed called when a change was stored
   */
  RecordKeeper(
      SessionScope scope, SessionJournal journal, SessionFold committed, Runnable changed) {
    this.scope = scope;
    this.journal = journal;
    this.committed = committed;
    this.changed = changed;
  }

  /** Changes the record; done when that is stored. */
  CompletableFuture<@Nullable Void> update(SessionUpdate wished) {
    SessionUpdate update = SessionCreator.keepingKey(journal.fold().record(), wished);
    if (update.options() != null) {
      scope.architecture().validate(scope.profile(), update.options());
      journal.append(null, new SessionEvent.OptionsUpdated(update.options()));
    }
    journal.fold().record(journal.fold().record().with(update));
    return store(update);
  }

  /** Notes that something happened just now; a failure is only logged. */
  void active() {
    CompletableFuture<@Nullable Void> stored =
        store(SessionUpdate.activity(scope.clock().instant()));
    log.trace("session {}: activity recorded, {}", scope.id(), stored);
  }

  private CompletableFuture<@Nullable Void> store(SessionUpdate update) {
    CompletableFuture<@Nullable Void> stored = new CompletableFuture<>();
    scope
        .records()
        .submit(
            () -> {
              scope
                  .store()
                  .adapter()
                  .updateSessionRecord(new RecordUpdate(scope.id(), scope.epoch(), update));
              return Boolean.TRUE;
            },
            (done, error) -> {
              if (error == null) {
                stored(update);
              } else {
                log.warn(
                    "session {}: its record was not stored: {}", scope.id(), error.getMessage());
              }
              settle(stored, error);
            });
    return stored;
  }

  private void stored(SessionUpdate update) {
    scope
        .log()
        .read(
            () -> {
              committed.record(committed.record().with(update));
              return Boolean.TRUE;
            });
    changed.run();
  }

  /** Completes a future with how something ended. */
  static void settle(
      CompletableFuture<@Nullable Void> future, @Nullable AgentRuntimeException error) {
    if (error == null) {
      future.complete(null);
    } else {
      future.completeExceptionally(error);
    }
  }
}
