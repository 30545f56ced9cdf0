// SPDX-License-Identifier: MIT

package io.agentruntime.persistence.memory;

import io.agentruntime.model.session.SessionId;
import io.agentruntime.spi.persistence.Lease;
import io.agentruntime.spi.persistence.LeaseStore;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Optional;

/** Leases beside the sessions they are about. Thread-safe. */
final class InMemoryLeaseStore implements LeaseStore {
  private final MemorySessions sessions;
  private final InstantSource clock;

  InMemoryLeaseStore(MemorySessions sessions, InstantSource clock) {
    this.sessions = sessions;
    this.clock = clock;
  }

  @Override
  public Optional<Lease> acquire(SessionId id, String owner, Duration duration) {
    return sessions.require(
        id,
        session -> {
          Instant now = clock.instant();
          Lease held = session.lease;
          if (held != null && !held.owner().equals(owner) && held.until().isAfter(now)) {
            return Optional.empty();
          }
          Lease lease = new Lease(id, owner, sessions.nextEpoch(), now.plus(duration));
          session.lease = lease;
          session.newestEpoch = lease.epoch();
          return Optional.of(lease);
        });
  }

  @Override
  public boolean renew(Lease lease, Duration duration) {
    return sessions
        .read(
            lease.id(),
            session -> {
              Lease held = session.lease;
              if (held == null || !held.epoch().equals(lease.epoch())) {
                return false;
              }
              Instant until = clock.instant().plus(duration);
              session.lease = new Lease(held.id(), held.owner(), held.epoch(), until);
              return true;
            })
        .orElse(false);
  }

  @Override
  public void release(Lease lease) {
    sessions.read(
        lease.id(),
        session -> {
          Lease held = session.lease;
          if (held != null && held.epoch().equals(lease.epoch())) {
            session.lease = null;
          }
          return lease;
        });
  }
}
