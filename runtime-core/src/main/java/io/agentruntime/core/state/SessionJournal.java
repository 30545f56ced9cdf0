// SPDX-License-Identifier: MIT

package io.agentruntime.core.state;

import io.agentruntime.core.event.Draft;
import io.agentruntime.core.event.SessionLog;
import io.agentruntime.model.event.EventEnvelope;
import io.agentruntime.model.event.SessionEvent;
import io.agentruntime.model.turn.TurnId;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Appends to the log and keeps the actor's fold ahead of the commit. Confined to the actor. */
public final class SessionJournal {
  private final SessionLog log;
  private final SessionFold fold;

  public SessionJournal(SessionLog log, SessionFold fold) {
    this.log = log;
    this.fold = fold;
  }

  /** The state with everything appended so far. */
  public SessionFold fold() {
    return fold;
  }

  public void append(List<Draft> drafts) {
    for (EventEnvelope envelope : log.append(drafts)) {
      fold.apply(envelope);
    }
  }

  public void append(@Nullable TurnId turn, SessionEvent event) {
    append(List.of(Draft.session(turn, event)));
  }

  public void whenCommitted(Runnable action) {
    log.whenCommitted(action);
  }
}
