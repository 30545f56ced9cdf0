// SPDX-License-Identifier: MIT

package io.agentruntime.core.event;

import java.time.Duration;

/**
 * One subscriber's way through a session's log. One thread at a time, except {@link #close()}.
 *
 * <p>A feed holds a cursor, no events: a slow reader costs nothing and falls back to the store.
 */
public interface EventFeed extends AutoCloseable {
  /**
   * Waits for events after the cursor and moves it past them.
   *
   * @param timeout how long to wait when there are none
   * @return events in order, or {@linkplain FeedBatch#store() that the store fails}; empty when the
   *     timeout came first, or for ever once the session was unloaded and everything was read, see
   *     {@link FeedBatch#ended()}
   */
  FeedBatch next(Duration timeout) throws InterruptedException;

  /** The last number that {@link #next} returned, or the one the feed began after. */
  long cursor();

  /** Ends a waiting {@link #next}; idempotent. */
  @Override
  void close();
}
