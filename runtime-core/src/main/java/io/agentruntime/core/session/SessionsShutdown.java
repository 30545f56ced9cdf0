// SPDX-License-Identifier: MIT

package io.agentruntime.core.session;

import io.agentruntime.core.RuntimeConfig;
import io.agentruntime.core.ShutdownMode;
import io.agentruntime.model.session.SessionId;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Takes all sessions out of memory at once, within a deadline. Used once, by one thread. */
final class SessionsShutdown {
  private static final Logger log = LoggerFactory.getLogger(SessionsShutdown.class);

  /** Ends one session. */
  interface Ending {
    /** Returns when it is out of memory. */
    void end(LiveSession session, Stop how, Duration timeout) throws InterruptedException;
  }

  private final RuntimeConfig config;
  private final Ending ending;

  SessionsShutdown(RuntimeConfig config, Ending ending) {
    this.config = config;
    this.ending = ending;
  }

  /** Returns when all are out of memory, or at the deadline. */
  void run(Map<SessionId, CompletableFuture<LiveSession>> sessions) {
    long deadline = System.nanoTime() + config.shutdownTimeout().toNanos();
    List<Thread> threads = new ArrayList<>();
    sessions.forEach(
        (id, future) ->
            threads.add(
                Thread.ofVirtual().name("stop-" + id).start(() -> stop(id, future, deadline))));
    for (Thread thread : threads) {
      try {
        if (!thread.join(Duration.ofNanos(Math.max(1, deadline - System.nanoTime())))) {
          log.error("{} was not done within the shutdown deadline", thread.getName());
          thread.interrupt();
        }
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
        break;
      }
    }
  }

  private void stop(SessionId id, CompletableFuture<LiveSession> loading, long deadline) {
    try {
      LiveSession session = LiveSession.await(loading, until(deadline));
      if (config.shutdownMode() == ShutdownMode.DETACH) {
        session.actor().detach();
        LiveSession.await(session.left(), until(deadline).plusNanos(1));
      } else {
        end(session, deadline);
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    } catch (RuntimeException e) {
      log.error("session {}: shutting down failed: {}", id, e.getMessage(), e);
    }
  }

  private void end(LiveSession session, long deadline) throws InterruptedException {
    session.actor().awaitNoTurn(until(deadline).dividedBy(2));
    Duration left = until(deadline);
    // An agent that listens to nothing is ended while there is still time to store its work.
    Duration grace = left.dividedBy(6);
    ending.end(
        session,
        new Stop("shutdown", false, true, min(grace, config.interruptGrace())),
        left.plusNanos(1));
  }

  private static Duration until(long deadline) {
    return Duration.ofNanos(Math.max(0, deadline - System.nanoTime()));
  }

  private static Duration min(Duration a, Duration b) {
    return a.compareTo(b) < 0 ? a : b;
  }
}
