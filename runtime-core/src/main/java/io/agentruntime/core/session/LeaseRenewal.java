// SPDX-License-Identifier: MIT

package io.agentruntime.core.session;

import io.agentruntime.spi.persistence.Lease;
import io.agentruntime.spi.persistence.PersistenceAdapter;
import java.time.Duration;
import java.util.List;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Prolongs the leases of the sessions in memory, and lets go of those that another server took.
 * Thread-safe.
 */
final class LeaseRenewal implements AutoCloseable {
  private static final Logger log = LoggerFactory.getLogger(LeaseRenewal.class);

  private final PersistenceAdapter adapter;
  private final Duration duration;
  private final Supplier<List<LiveSession>> sessions;
  private final Chore chore;

  /**
   * Starts renewing.
   *
   * @param duration of a lease
   * @param sessions those in memory at a time
   */
  LeaseRenewal(
      PersistenceAdapter adapter, Duration duration, Supplier<List<LiveSession>> sessions) {
    this.adapter = adapter;
    this.duration = duration;
    this.sessions = sessions;
    this.chore = new Chore("lease-renewal", duration.dividedBy(3), this::renewAll);
  }

  /** Ends it; the leases stay as they are. */
  @Override
  public void close() {
    chore.close();
  }

  private void renewAll() throws InterruptedException {
    for (LiveSession session : sessions.get()) {
      Lease lease = session.lease();
      if (lease != null) {
        renew(session, lease);
      }
    }
  }

  private void renew(LiveSession session, Lease lease) throws InterruptedException {
    try {
      // One that has been unloaded since this round began has given its lease back itself.
      if (!adapter.leases().renew(lease, duration) && !session.actor().hasStopped()) {
        log.error("session {}: another server took it over; letting go", session.id());
        session.actor().abandonOwnership();
      }
    } catch (RuntimeException e) {
      log.warn("the lease of session {} was not renewed: {}", session.id(), e.getMessage());
    }
  }
}
