// SPDX-License-Identifier: MIT

package io.agentruntime.core.event;

import io.agentruntime.error.AgentRuntimeException;
import io.agentruntime.model.session.SessionId;
import java.time.Duration;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * That the store does not take one session's events, since when, and when to try again. Guarded by
 * the log's lock, but for {@link #retryAt()}, which only the writer changes and reads.
 */
final class StoreTrouble {
  private static final Logger log = LoggerFactory.getLogger(StoreTrouble.class);
  private static final Duration FIRST_RETRY = Duration.ofMillis(50);
  private static final Duration LAST_RETRY = Duration.ofSeconds(5);

  /** What the store cannot do only for a moment is nobody's concern. */
  private static final long CONCERN_NANOS = Duration.ofSeconds(1).toNanos();

  private final SessionId id;
  private @Nullable AgentRuntimeException reason;
  private long since;
  private Duration backOff = Duration.ZERO;
  private long retryAt = System.nanoTime();

  StoreTrouble(SessionId id) {
    this.id = id;
  }

  /** Why the store does not take events; null when it does. */
  @Nullable AgentRuntimeException reason() {
    return reason;
  }

  /** When to try again, in {@code nanoTime}. */
  long retryAt() {
    return retryAt;
  }

  /** How long until somebody has to be told; as long as the store takes events, never. */
  long untilConcern() {
    return reason == null ? Long.MAX_VALUE : since + CONCERN_NANOS - System.nanoTime();
  }

  /** The store did not take events. */
  void failed(AgentRuntimeException error) {
    if (reason == null) {
      log.warn("session {}: the store does not take events: {}", id, error.getMessage());
      since = System.nanoTime();
    }
    reason = error;
    backOff = longer(backOff);
    retryAt = System.nanoTime() + backOff.toNanos();
  }

  /** The store took events. */
  void over() {
    if (reason != null) {
      log.info("session {}: the store takes events again", id);
    }
    reason = null;
    backOff = Duration.ZERO;
  }

  private static Duration longer(Duration pause) {
    if (pause.isZero()) {
      return FIRST_RETRY;
    }
    Duration twice = pause.multipliedBy(2);
    return twice.compareTo(LAST_RETRY) > 0 ? LAST_RETRY : twice;
  }
}
