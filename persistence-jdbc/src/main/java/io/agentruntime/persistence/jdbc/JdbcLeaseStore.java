// SPDX-License-Identifier: MIT

package io.agentruntime.persistence.jdbc;

import io.agentruntime.model.session.SessionId;
import io.agentruntime.spi.persistence.Lease;
import io.agentruntime.spi.persistence.LeaseEpoch;
import io.agentruntime.spi.persistence.LeaseStore;
import java.nio.charset.StandardCharsets;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Optional;

/**
 * Leases in the rows of their sessions: whoever takes one waits for the writes under way, and every
 * later write sees the new epoch. Thread-safe.
 */
final class JdbcLeaseStore implements LeaseStore {
  private final Database database;
  private final InstantSource clock;

  JdbcLeaseStore(Database database, InstantSource clock) {
    this.database = database;
    this.clock = clock;
  }

  @Override
  public Optional<Lease> acquire(SessionId id, String owner, Duration duration)
      throws InterruptedException {
    return database.write(
        "taking session " + id,
        tx -> {
          SessionLock session = SessionLock.require(tx, id);
          Instant now = clock.instant();
          if (session.leaseOwner() != null
              && !session.leaseOwner().equals(owner)
              && session.leaseUntil() > Keys.nanos(now)) {
            return Optional.empty();
          }
          Instant until = now.plus(duration);
          long epoch = nextEpoch(tx);
          tx.update(
              "UPDATE session SET newest_epoch = ?, lease_owner = ?, lease_until = ?"
                  + " WHERE session_key = ?",
              epoch,
              owner.getBytes(StandardCharsets.UTF_8),
              Keys.nanos(until),
              session.key());
          return Optional.of(new Lease(id, owner, new LeaseEpoch(epoch), until));
        });
  }

  /** One counter for all sessions: an epoch never comes back, even if a session id does. */
  private static long nextEpoch(Tx tx) throws SQLException {
    tx.update("UPDATE lease_epoch SET last_epoch = last_epoch + 1 WHERE id = 1");
    return tx.first("SELECT last_epoch FROM lease_epoch WHERE id = 1", row -> row.getLong(1))
        .orElseThrow(() -> new SQLException("the table lease_epoch is empty"));
  }

  @Override
  public boolean renew(Lease lease, Duration duration) throws InterruptedException {
    return database.write(
            "renewing the lease on session " + lease.id(),
            tx ->
                tx.update(
                    "UPDATE session SET lease_until = ?"
                        + " WHERE id = ? AND newest_epoch = ? AND lease_owner IS NOT NULL",
                    Keys.nanos(clock.instant().plus(duration)),
                    lease.id().value(),
                    lease.epoch().value()))
        > 0;
  }

  @Override
  public void release(Lease lease) throws InterruptedException {
    database.write(
        "releasing session " + lease.id(),
        tx ->
            tx.update(
                "UPDATE session SET lease_owner = NULL WHERE id = ? AND newest_epoch = ?",
                lease.id().value(),
                lease.epoch().value()));
  }
}
