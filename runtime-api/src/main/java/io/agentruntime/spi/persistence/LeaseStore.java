package io.agentruntime.spi.persistence;

import io.agentruntime.model.session.SessionId;
import java.time.Duration;
import java.util.Optional;

/** Exclusive, temporary ownership of sessions. Thread-safe. */
public interface LeaseStore {
  /**
   * Takes a session, if nobody else's lease on it is live.
   *
   * @param id the session
   * @param owner who asks; the same owner may take again and gets a new epoch
   * @param duration how long without {@link #renew}
   * @return the lease, empty when another owner's is live
   */
  Optional<Lease> acquire(SessionId id, String owner, Duration duration)
      throws InterruptedException;

  /**
   * Prolongs a lease.
   *
   * @return false when a newer epoch exists: the caller must let go
   */
  boolean renew(Lease lease, Duration duration) throws InterruptedException;

  /** Gives a lease back; no error when it is no longer the newest. */
  void release(Lease lease) throws InterruptedException;
}
