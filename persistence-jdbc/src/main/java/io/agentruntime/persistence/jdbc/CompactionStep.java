// SPDX-License-Identifier: MIT

package io.agentruntime.persistence.jdbc;

import io.agentruntime.model.event.EventEnvelope;
import io.agentruntime.model.event.SessionEvent;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * What one step of a compaction did.
 *
 * @param from the lowest number that it looked at
 * @param dropped how many events it dropped
 * @param isLast whether there is nothing before
 */
record CompactionStep(long from, long dropped, boolean isLast) {
  /** Events held in memory: a completion can be large. */
  private static final int AT_ONCE = 50;

  /**
   * Looks at the deltas and completions below a number, downwards.
   *
   * @param completed the blocks whose completion was seen so far; grows
   */
  static CompactionStep run(
      Tx tx, SessionLock session, long before, int count, Set<StoredEvents.Slot> completed)
      throws SQLException {
    List<Long> numbers =
        tx.all(
            "SELECT seq FROM event WHERE session_key = ? AND seq < ? AND part = 0 AND kind > 0"
                + " ORDER BY seq DESC LIMIT ?",
            row -> row.getLong(1),
            session.key(),
            before,
            count);
    List<@Nullable Object[]> dropped = new ArrayList<>();
    for (int from = 0; from < numbers.size(); from += AT_ONCE) {
      List<Long> some = numbers.subList(from, Math.min(numbers.size(), from + AT_ONCE));
      for (EventEnvelope event :
          StoredEvents.ofBlocks(tx, session.id(), session.key(), some.getLast(), some.getFirst())) {
        switch (event.event()) {
          case SessionEvent.BlockCompleted done ->
              completed.add(new StoredEvents.Slot(event.conversationId(), done.block().id()));
          case SessionEvent.BlockDelta delta
              when completed.contains(
                  new StoredEvents.Slot(event.conversationId(), delta.blockId())) ->
              dropped.add(new Object[] {session.key(), event.seq()});
          case SessionEvent kept -> {
            // Everything else is needed to say what the deltas said.
          }
        }
      }
    }
    tx.batch("DELETE FROM event WHERE session_key = ? AND seq = ?", dropped);
    return new CompactionStep(
        numbers.isEmpty() ? 0 : numbers.getLast(), dropped.size(), numbers.size() < count);
  }
}
