// SPDX-License-Identifier: MIT

package io.agentruntime.core.sandbox;

import io.agentruntime.core.state.SessionJournal;
import io.agentruntime.core.state.SessionScope;
import io.agentruntime.error.AgentRuntimeException;
import io.agentruntime.model.event.SessionEvent;
import io.agentruntime.spi.sandbox.Sandbox;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Stores what changed in a session's sandbox, and tells the log. Owns which scan is on its way.
 * Confined to the session's actor; blocking work is done by the serial worker.
 */
final class WorkspaceSync {
  private static final Logger log = LoggerFactory.getLogger(WorkspaceSync.class);

  private final SessionScope scope;
  private final SessionJournal journal;
  private final SessionSandbox sandbox;
  private boolean scanning;
  private boolean scanAgain;

  /** What a sync found. */
  private record Synced(List<SessionEvent> events, long transcriptBytes) {}

  WorkspaceSync(SessionScope scope, SessionJournal journal, SessionSandbox sandbox) {
    this.scope = scope;
    this.journal = journal;
    this.sandbox = sandbox;
  }

  /** Looks for changed files soon; requests that come while one runs become one more. */
  void scanSoon() {
    if (scanning) {
      scanAgain = true;
      return;
    }
    scanning = true;
    sync(
        false,
        error -> {
          scanning = false;
          if (scanAgain) {
            scanAgain = false;
            scanSoon();
          }
        });
  }

  /**
   * Stores what changed.
   *
   * @param transcript whether the transcript too
   * @param done called with why it failed, or null
   */
  void sync(boolean transcript, Consumer<@Nullable AgentRuntimeException> done) {
    PreparedSandbox current = sandbox.prepared();
    if (current == null) {
      done.accept(null);
      return;
    }
    String nativeId = journal.fold().nativeId();
    scope
        .worker()
        .submit(
            () -> syncNow(current.sandbox(), transcript, nativeId),
            (synced, error) -> {
              if (synced != null) {
                synced.events().forEach(event -> journal.append(null, event));
                if (synced.transcriptBytes() > 0) {
                  journal.append(null, new SessionEvent.TranscriptSaved(synced.transcriptBytes()));
                }
              } else if (error != null && sandbox.prepared() == current) {
                log.warn("session {}: sync failed: {}", scope.id(), error.getMessage());
              }
              done.accept(error);
            });
  }

  private Synced syncNow(Sandbox box, boolean transcript, @Nullable String nativeId)
      throws IOException, InterruptedException {
    List<SessionEvent> events = new ArrayList<>(scope.workspace().scan(box));
    long bytes = transcript ? scope.transcript().save(box, nativeId) : 0;
    return new Synced(events, bytes);
  }
}
