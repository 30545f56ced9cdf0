// SPDX-License-Identifier: MIT

package io.agentruntime.persistence.jdbc;

import io.agentruntime.error.AgentRuntimeException;
import io.agentruntime.model.event.EventEnvelope;
import io.agentruntime.model.session.SessionId;
import io.agentruntime.spi.persistence.AppendBatch;
import io.agentruntime.spi.persistence.AppendResult;
import io.agentruntime.spi.persistence.EventPage;
import io.agentruntime.spi.persistence.EventStore;
import io.agentruntime.spi.persistence.LeaseEpoch;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Event logs. All batches of one append are one transaction, because what costs time is the commit.
 * Thread-safe.
 */
final class JdbcEventStore implements EventStore {
  /** How many numbers of a log one step of a compaction looks at, so that others get their turn. */
  private static final int COMPACTION_STEP = 2_000;

  private final Database database;

  JdbcEventStore(Database database) {
    this.database = database;
  }

  @Override
  public List<AppendResult> append(List<AppendBatch> batches) throws InterruptedException {
    if (batches.isEmpty()) {
      return List.of();
    }
    List<EncodedBatch> encoded = batches.stream().map(EncodedBatch::of).toList();
    try {
      return database.write(what(batches), tx -> append(tx, encoded));
    } catch (AgentRuntimeException e) {
      if (batches.size() == 1) {
        return List.of(new AppendResult.Failed(e));
      }
      return StoreErrors.isConnectionLost(database.engine(), e)
          ? encoded.stream().<AppendResult>map(batch -> new AppendResult.Failed(e)).toList()
          : appendOneByOne(encoded);
    }
  }

  /** What one of them cannot do, the others may. */
  private List<AppendResult> appendOneByOne(List<EncodedBatch> batches)
      throws InterruptedException {
    List<AppendResult> results = new ArrayList<>(batches.size());
    for (EncodedBatch batch : batches) {
      try {
        results.addAll(
            database.write(what(List.of(batch.batch())), tx -> append(tx, List.of(batch))));
      } catch (AgentRuntimeException e) {
        results.add(new AppendResult.Failed(e));
      }
    }
    return results;
  }

  private static String what(List<AppendBatch> batches) {
    return batches.size() == 1
        ? "appending to the log of session " + batches.getFirst().id()
        : "appending to the logs of " + batches.size() + " sessions";
  }

  private static List<AppendResult> append(Tx tx, List<EncodedBatch> batches) throws SQLException {
    Map<SessionId, SessionLock> sessions =
        SessionLock.find(tx, batches.stream().map(batch -> batch.batch().id()).toList());
    Map<SessionId, Long> last = new HashMap<>();
    Map<SessionId, Integer> open = new HashMap<>();
    List<AppendResult> results = new ArrayList<>(batches.size());
    List<@Nullable Object[]> rows = new ArrayList<>();
    for (EncodedBatch batch : batches) {
      SessionLock session = sessions.get(batch.batch().id());
      AppendResult result = batch.check(session, last);
      results.add(result);
      if (session != null && result instanceof AppendResult.Appended appended) {
        last.put(session.id(), appended.last());
        open.put(session.id(), batch.batch().openMessages());
        batch.addRows(session.key(), rows);
      }
    }
    tx.batch(
        "INSERT INTO event (session_key, seq, part, kind, payload) VALUES (?, ?, ?, ?, ?)", rows);
    List<@Nullable Object[]> ends = new ArrayList<>();
    for (SessionLock session : sessions.values()) {
      Long end = last.get(session.id());
      if (end != null) {
        ends.add(new Object[] {end, open.get(session.id()), session.key()});
      }
    }
    tx.batch("UPDATE session SET last_seq = ?, open_messages = ? WHERE session_key = ?", ends);
    return results;
  }

  @Override
  public EventPage read(SessionId id, long after, int limit) throws InterruptedException {
    if (limit < 1) {
      throw AgentRuntimeException.invalid("limit", "1 or more");
    }
    return database.read(
        "reading the log of session " + id,
        tx -> {
          long[] session =
              tx.first(
                      "SELECT session_key, last_seq FROM session WHERE id = ?",
                      row -> new long[] {row.getLong(1), row.getLong(2)},
                      id.value())
                  .orElse(null);
          return session == null
              ? new EventPage(List.of(), 0, true)
              : new EventPage(
                  StoredEvents.read(tx, id, session[0], after, limit), session[1], true);
        });
  }

  @Override
  public long last(SessionId id) throws InterruptedException {
    return database
        .read(
            "reading the log of session " + id,
            tx ->
                tx.first(
                    "SELECT last_seq FROM session WHERE id = ?", row -> row.getLong(1), id.value()))
        .orElse(0L);
  }

  @Override
  public List<SessionId> unfinished(@Nullable SessionId after, int limit)
      throws InterruptedException {
    if (limit < 1) {
      throw AgentRuntimeException.invalid("limit", "1 or more");
    }
    return database.read(
        "looking for unfinished sessions",
        tx ->
            tx.all(
                "SELECT id FROM session WHERE open_messages > 0 AND id > ? ORDER BY id LIMIT ?",
                row -> new SessionId(row.getString(1)),
                after == null ? "" : after.value(),
                limit));
  }

  /**
   * Backwards, so that the completion of a block is met before its deltas, and in steps: what one
   * step drops may go whatever becomes of the next.
   */
  @Override
  public long compact(SessionId id, LeaseEpoch epoch, long upTo) throws InterruptedException {
    Set<StoredEvents.Slot> completed = new HashSet<>();
    long dropped = 0;
    long before = upTo == Long.MAX_VALUE ? upTo : upTo + 1;
    while (true) {
      long end = before;
      CompactionStep step =
          database.write(
              "compacting the log of session " + id,
              tx -> {
                SessionLock session = SessionLock.require(tx, id, epoch);
                return CompactionStep.run(tx, session, end, COMPACTION_STEP, completed);
              });
      dropped += step.dropped();
      if (step.isLast()) {
        return dropped;
      }
      before = step.from();
    }
  }

  /** A batch with its events as they are stored; made before the transaction begins. */
  private record EncodedBatch(
      AppendBatch batch, List<byte[]> payloads, @Nullable AgentRuntimeException failure) {
    static EncodedBatch of(AppendBatch batch) {
      List<byte[]> payloads = new ArrayList<>(batch.events().size());
      try {
        for (EventEnvelope event : batch.events()) {
          payloads.add(StoredEvents.encode(event));
        }
        return new EncodedBatch(batch, payloads, null);
      } catch (AgentRuntimeException e) {
        return new EncodedBatch(batch, List.of(), e);
      }
    }

    AppendResult check(@Nullable SessionLock session, Map<SessionId, Long> lastOf) {
      if (failure != null) {
        return new AppendResult.Failed(failure);
      }
      if (session == null) {
        return new AppendResult.Failed(SessionLock.notFound(batch.id()));
      }
      if (batch.epoch().value() < session.newestEpoch()) {
        return new AppendResult.Fenced(new LeaseEpoch(session.newestEpoch()));
      }
      long last = lastOf.getOrDefault(batch.id(), session.lastSeq());
      return batch.expectedLast() == last
          ? new AppendResult.Appended(last + batch.events().size())
          : new AppendResult.Conflict(last);
    }

    void addRows(long session, List<@Nullable Object[]> rows) {
      for (int i = 0; i < payloads.size(); i++) {
        EventEnvelope event = batch.events().get(i);
        byte[] payload = payloads.get(i);
        for (int part = 0; part == 0 || part * StoredEvents.PART < payload.length; part++) {
          int from = part * StoredEvents.PART;
          byte[] bytes =
              payload.length <= StoredEvents.PART
                  ? payload
                  : Arrays.copyOfRange(
                      payload, from, Math.min(payload.length, from + StoredEvents.PART));
          rows.add(
              new Object[] {session, event.seq(), part, StoredEvents.kind(event.event()), bytes});
        }
      }
    }
  }
}
