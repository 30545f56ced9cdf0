package io.agentruntime.core.session;

import io.agentruntime.spi.persistence.Lease;
import io.agentruntime.spi.persistence.PersistenceAdapter;
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
  private final Supplier<List<LiveSession>> sessions;
  private final Thread thread;
  private volatile boolean closed;

  /**
   * Starts renewing.
   *
   * @param sessions those in memory at a time
   */
  LeaseRenewal(PersistenceAdapter adapter, Supplier<List<LiveSession>> sessions) {
    this.adapter = adapter;
    this.sessions = sessions;
    this.thread = Thread.ofVirtual().name("lease-renewal").start(this::run);
  }

  /** Ends it; the leases stay as they are. */
  @Override
  public void close() {
    closed = true;
    thread.interrupt();
  }

  private void run() {
    try {
      while (!closed) {
        Thread.sleep(SessionLoader.LEASE.dividedBy(3));
        for (LiveSession session : sessions.get()) {
          Lease lease = session.lease();
          if (lease != null) {
            renew(session, lease);
          }
        }
      }
    } catch (InterruptedException e) {
      log.debug("leases are not renewed any more");
    }
  }

  private void renew(LiveSession session, Lease lease) throws InterruptedException {
    try {
      if (!adapter.leases().renew(lease, SessionLoader.LEASE)) {
        log.error("session {}: another server took it over; letting go", session.id());
        session.actor().abandonOwnership();
      }
    } catch (RuntimeException e) {
      log.warn("the lease of session {} was not renewed: {}", session.id(), e.getMessage());
    }
  }
}
