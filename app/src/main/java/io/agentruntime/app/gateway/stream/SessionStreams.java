// SPDX-License-Identifier: MIT

package io.agentruntime.app.gateway.stream;

import io.agentruntime.app.gateway.engine.GatewayOptions;
import io.agentruntime.app.rest.view.SessionReplies;
import io.agentruntime.core.AgentRuntime;
import io.agentruntime.core.session.Session;
import io.agentruntime.error.AgentRuntimeException;
import io.agentruntime.model.session.SessionId;
import jakarta.inject.Singleton;
import java.time.Duration;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** All streams of this server, and how many there may be. Thread-safe; the server closes it. */
@Singleton
public final class SessionStreams implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(SessionStreams.class);
  private static final Duration STOP_DEADLINE = Duration.ofSeconds(5);

  private final AgentRuntime runtime;
  private final SessionReplies replies;
  private final StreamTiming timing;
  private final int maxStreams;
  private final int maxOfSession;
  private final ReentrantLock lock = new ReentrantLock();
  private final Condition changed = lock.newCondition();
  private final Set<SessionStream> open = new HashSet<>();
  private final Map<SessionId, Integer> perSession = new HashMap<>();
  private boolean closed;

  /** Streams within these limits. */
  public SessionStreams(AgentRuntime runtime, SessionReplies replies, GatewayOptions options) {
    this.runtime = runtime;
    this.replies = replies;
    this.timing =
        new StreamTiming(
            options.pingInterval(),
            options.pingTimeout(),
            options.streamPatience(),
            options.closeTimeout());
    this.maxStreams = options.maxStreams();
    this.maxOfSession = options.maxSessionStreams();
  }

  StreamTiming timing() {
    return timing;
  }

  /**
   * Begins a stream that a thread of its own feeds.
   *
   * @param session whose log
   * @param after the last event that the client has
   * @throws AgentRuntimeException {@code TOO_MANY_STREAMS}
   */
  SessionStream start(Session session, long after, StreamSink sink) {
    SessionStream stream = new SessionStream(runtime, replies, timing, session.id(), after, sink);
    admit(stream);
    sink.onGone(stream::left);
    Thread.ofVirtual()
        .name("stream-" + session.id())
        .start(
            () -> {
              try {
                stream.run(session);
              } finally {
                remove(stream);
              }
            });
    return stream;
  }

  private void admit(SessionStream stream) {
    lock.lock();
    try {
      if (closed) {
        throw new AgentRuntimeException(
            StreamEnd.SHUTTING_DOWN.code(), StreamEnd.SHUTTING_DOWN.text());
      }
      int ofSession = perSession.getOrDefault(stream.id(), 0);
      if (open.size() >= maxStreams || ofSession >= maxOfSession) {
        throw new AgentRuntimeException(
            StreamError.TOO_MANY_STREAMS,
            ofSession >= maxOfSession
                ? "There are " + maxOfSession + " streams of this session already"
                : "There are " + maxStreams + " streams on this server already");
      }
      open.add(stream);
      perSession.put(stream.id(), ofSession + 1);
    } finally {
      lock.unlock();
    }
  }

  private void remove(SessionStream stream) {
    lock.lock();
    try {
      open.remove(stream);
      perSession.computeIfPresent(stream.id(), (id, count) -> count == 1 ? null : count - 1);
      changed.signalAll();
    } finally {
      lock.unlock();
    }
  }

  /** How many there are. */
  public int count() {
    lock.lock();
    try {
      return open.size();
    } finally {
      lock.unlock();
    }
  }

  /** Goes on with sessions that were unloaded and are in memory again. */
  public void resume() {
    for (SessionStream stream : snapshot()) {
      if (stream.isWaiting() && runtime.sessions().loaded(stream.id()).isPresent()) {
        stream.wake();
      }
    }
  }

  private List<SessionStream> snapshot() {
    lock.lock();
    try {
      return List.copyOf(open);
    } finally {
      lock.unlock();
    }
  }

  /** Tells all clients that the server stops, and waits a little until they were told. */
  @Override
  public void close() {
    lock.lock();
    try {
      closed = true;
    } finally {
      lock.unlock();
    }
    snapshot().forEach(stream -> stream.end(StreamEnd.SHUTTING_DOWN));
    long left = STOP_DEADLINE.toNanos();
    lock.lock();
    try {
      while (!open.isEmpty() && left > 0) {
        left = changed.awaitNanos(left);
      }
      if (!open.isEmpty()) {
        LOG.warn("{} streams did not end within {}", open.size(), STOP_DEADLINE);
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    } finally {
      lock.unlock();
    }
  }
}
