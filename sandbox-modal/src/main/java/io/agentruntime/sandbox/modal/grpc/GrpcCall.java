// SPDX-License-Identifier: MIT

package io.agentruntime.sandbox.modal.grpc;

import java.time.Duration;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * A call that was started. Used by one thread at a time, but {@link #close} may come from any. The
 * caller closes it; before its end that cancels it, which the server is told.
 */
public interface GrpcCall extends AutoCloseable {
  /**
   * The next message of the reply.
   *
   * @param patience how long to wait
   * @return null after the last one, when the server said that the call succeeded
   * @throws GrpcException {@code DEADLINE_EXCEEDED} when the time is over: the call goes on and may
   *     be asked again; otherwise how the call ended
   */
  byte @Nullable [] next(Duration patience) throws GrpcException, InterruptedException;

  /** What the server sent at the end of the call, by lower-case name; empty before. */
  Map<String, String> trailers();

  @Override
  void close();
}
