// SPDX-License-Identifier: MIT

package io.agentruntime.app.gateway.stream;

import java.time.Duration;
import java.util.List;

/**
 * Where a stream goes: one client's connection. Used by one thread.
 *
 * <p>It holds no more than a bounded window of what the client has not taken; whoever sends waits.
 */
interface StreamSink {
  /** What became of frames. */
  enum Sent {
    /** They are on their way. */
    TAKEN,
    /** The client took nothing for as long as it was waited for. */
    STALLED,
    /** The client did not answer what it has to answer. */
    SILENT,
    /** There is no client any more. */
    GONE
  }

  /** Shows the client that the stream has begun. */
  Sent begin(Duration patience) throws InterruptedException;

  /** Sends frames in order, waiting for room for each no longer than that. */
  Sent send(List<StreamFrame> frames, Duration patience) throws InterruptedException;

  /** Shows the client that the stream lives. */
  Sent heartbeat(Duration patience) throws InterruptedException;

  /** What to do when the client has gone: at once if it has. Set once; must not block. */
  void onGone(Runnable action);

  /** Tells the client why the stream ends, as far as it still listens, and ends it. Idempotent. */
  void end(StreamEnd reason);
}
