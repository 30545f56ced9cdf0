// SPDX-License-Identifier: MIT

package io.agentruntime.spi.persistence;

import io.agentruntime.model.session.SessionId;
import java.time.Duration;
import java.util.Optional;

/**
 * Exclusive, temporary ownership of sessions. Thread-safe.
 *
 * <p>Time is that of the provider's clock. An epoch is given once: every {@link #acquire} of a
 * session yields a greater one than all before. Once {@code acquire} has returned, no write under
 * an older epoch can succeed any more, not even one that is under way.
 */
public interface LeaseStore {
  /**
   * Takes a session, if nobody else's lease on it is live.
   *
   * @param id the session
   * @param owner who asks; the same owner may take again and gets a new epoch
   * @param duration how long without {@link #renew}
   * @return the lease, empty when another owner's is live
   * @throws io.agentruntime.error.AgentRuntimeException {@code SESSION_NOT_FOUND}
   */
  Optional<Lease> acquire(SessionId id, String owner, Duration duration)
      throws InterruptedException;

  /**
   * Prolongs a lease, also one that has ended but that nobody has taken since.
   *
   * @return false when a newer epoch exists, the lease was released or the session is gone: the
   *     caller must let go
   */
  boolean renew(Lease lease, Duration duration) throws InterruptedException;

  /**
   * Gives a lease back, so that others may take the session at once; no effect when it is no longer
   * the newest. Writes under its epoch are accepted until a newer one exists.
   */
  void release(Lease lease) throws InterruptedException;
}
