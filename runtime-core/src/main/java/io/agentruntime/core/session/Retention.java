// SPDX-License-Identifier: MIT

package io.agentruntime.core.session;

import io.agentruntime.core.store.SessionStore;
import io.agentruntime.error.AgentRuntimeException;
import io.agentruntime.model.session.SessionId;
import io.agentruntime.model.session.SessionRecord;
import io.agentruntime.spi.persistence.Lease;
import io.agentruntime.spi.persistence.PersistenceCapability;
import io.agentruntime.spi.persistence.SessionPage;
import io.agentruntime.spi.persistence.SessionQuery;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Objects;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Removes sessions in which nothing has happened for as long as they are to be kept. Those in
 * memory, here or on another server, are left alone. Thread-safe.
 */
final class Retention implements AutoCloseable {
  private static final Logger log = LoggerFactory.getLogger(Retention.class);
  private static final int PAGE = 500;
  private static final Duration LONGEST_PAUSE = Duration.ofHours(1);

  private final Duration keep;

  /** More than a removal takes; nobody has to wait for it, as it is given back. */
  private static final Duration REMOVAL = Duration.ofSeconds(30);

  private final SessionStore store;
  private final SessionRemoval removal;
  private final InstantSource clock;
  private final String owner;
  private final @Nullable Chore chore;

  /**
   * Begins to look for old sessions.
   *
   * @param keep for how long sessions are kept; zero: for ever
   */
  Retention(
      Duration keep,
      SessionStore store,
      SessionRemoval removal,
      InstantSource clock,
      String owner) {
    this.keep = keep;
    this.store = store;
    this.removal = removal;
    this.clock = clock;
    this.owner = owner;
    Duration pause = keep.compareTo(LONGEST_PAUSE) < 0 ? keep : LONGEST_PAUSE;
    this.chore = keep.isZero() ? null : new Chore("retention", pause, this::run);
  }

  @Override
  public void close() {
    if (chore != null) {
      chore.close();
    }
  }

  private void run() throws InterruptedException {
    Instant limit = clock.instant().minus(keep);
    int removed = 0;
    SessionPage page = store.query(SessionQuery.first(PAGE));
    while (true) {
      for (SessionRecord record : page.sessions()) {
        if (isOlder(record, limit) && remove(record.id(), limit)) {
          removed++;
        }
      }
      if (page.nextCursor() == null) {
        break;
      }
      page = store.query(new SessionQuery(null, null, null, PAGE, page.nextCursor()));
    }
    if (removed > 0) {
      log.info("{} sessions were removed that had been idle for {} days", removed, keep.toDays());
    }
  }

  private static boolean isOlder(SessionRecord record, Instant limit) {
    return Objects.requireNonNullElse(record.lastActivity(), record.createdAt()).isBefore(limit);
  }

  private boolean remove(SessionId id, Instant limit) throws InterruptedException {
    try {
      // Whether another server has it, and it stays nobody else's while it goes.
      if (store.has(PersistenceCapability.LEASES)) {
        Optional<Lease> lease = store.adapter().leases().acquire(id, owner + "/retention", REMOVAL);
        if (lease.isEmpty()) {
          return false;
        }
        try {
          return removal.removeIf(id, record -> isOlder(record, limit));
        } finally {
          store.adapter().leases().release(lease.get());
        }
      }
      return removal.removeIf(id, record -> isOlder(record, limit));
    } catch (AgentRuntimeException e) {
      log.warn("session {} is old, but was not removed: {}", id, e.getMessage());
      return false;
    }
  }
}
