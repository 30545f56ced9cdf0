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
 */
public record FeedBatch(List<EventEnvelope> events, boolean reset, boolean ended) {
  /** Nothing yet. */
  public static final FeedBatch EMPTY = new FeedBatch(List.of(), false, false);

  /** Nothing more. */
  public static final FeedBatch END = new FeedBatch(List.of(), false, true);

  /** Copies the list. */
  public FeedBatch {
    events = List.copyOf(events);
  }
}
