// SPDX-License-Identifier: MIT

package io.agentruntime.bench.crash;

import java.util.function.Consumer;

/** A client's connection that follows one session. Closing it, or its death, ends it for good. */
interface EventStream extends AutoCloseable {
  /** Opens streams of one transport. */
  interface Transport {
    /**
     * Connects and follows a session; returns when everything up to now was told.
     *
     * @param server the server
     * @param session whose events
     * @param after the last event that the client has
     * @param onEvent gets the events in order, one at a time, also after this has returned
     * @throws Exception if the server is not there or refuses
     */
    EventStream open(ServerLife server, String session, long after, Consumer<Told> onEvent)
        throws Exception;
  }

  /** Returns when the connection is gone. */
  void awaitEnd() throws InterruptedException;

  @Override
  void close();
}
