// SPDX-License-Identifier: MIT

package io.agentruntime.core.event;

import io.agentruntime.model.event.EventEnvelope;
import java.util.List;

/**
 * What a feed returned.
 *
 * @param events in order, without gaps after the feed's cursor unless {@code reset}
 * @param reset the cursor was too old or unknown: begin again from the session's view, whose {@code
 *     lastSeq} is the feed's cursor now
 * @param ended the session was unloaded or the feed closed; nothing more will come
 * @param store what became of the store since the last batch
 */
public record FeedBatch(
    List<EventEnvelope> events, boolean reset, boolean ended, StoreChange store) {
  /** Whether events can be stored; what cannot be stored is not shown. */
  public enum StoreChange {
    /** As before. */
    NONE,
    /** For a while now the store has taken nothing; the session's progress waits for it. */
    FAILING,
    /** The store takes events again; what had to wait follows. */
    RECOVERED,
    /** Another server has the session and stores its events; this feed has ended. */
    TAKEN_OVER
  }

  /** Nothing yet. */
  public static final FeedBatch EMPTY = new FeedBatch(List.of(), false, false);

  /** Nothing more. */
  public static final FeedBatch END = new FeedBatch(List.of(), false, true);

  /** Nothing more here: another server goes on. */
  static final FeedBatch TAKEN_OVER = new FeedBatch(List.of(), false, true, StoreChange.TAKEN_OVER);

  /** The store does not take what happens. */
  static final FeedBatch FAILING = new FeedBatch(List.of(), false, false, StoreChange.FAILING);

  /** The store takes what happens again. */
  static final FeedBatch RECOVERED = new FeedBatch(List.of(), false, false, StoreChange.RECOVERED);

  /** A batch that says nothing about the store. */
  public FeedBatch(List<EventEnvelope> events, boolean reset, boolean ended) {
    this(events, reset, ended, StoreChange.NONE);
  }

  /** Copies the list. */
  public FeedBatch {
    events = List.copyOf(events);
  }
}
