// SPDX-License-Identifier: MIT

package io.agentruntime.model.session;

import io.agentruntime.model.turn.TurnId;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * A session's runtime state as clients see it.
 *
 * @param loaded whether the session is in memory
 * @param sandbox its sandbox, null when it has none
 * @param activeTurn the running turn, if any
 * @param turnStartedAt when that turn started
 * @param queued how many messages wait
 */
public record RuntimeState(
    boolean loaded,
    @Nullable SandboxState sandbox,
    @Nullable TurnId activeTurn,
    @Nullable Instant turnStartedAt,
    int queued) {
  /** The state of a session that is not in memory. */
  public static final RuntimeState UNLOADED = new RuntimeState(false, null, null, null, 0);

  /** The state of a session in memory that has not been used yet. */
  public static final RuntimeState IDLE = new RuntimeState(true, null, null, null, 0);
}
