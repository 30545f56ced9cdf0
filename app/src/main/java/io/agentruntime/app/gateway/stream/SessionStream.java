// SPDX-License-Identifier: MIT

package io.agentruntime.app.gateway.stream;

import io.agentruntime.app.rest.view.EventReply;
import io.agentruntime.app.rest.view.SessionReplies;
import io.agentruntime.core.AgentRuntime;
import io.agentruntime.core.event.EventFeed;
import io.agentruntime.core.event.FeedBatch;
import io.agentruntime.core.event.FeedBatch.StoreChange;
import io.agentruntime.core.session.Session;
import io.agentruntime.core.session.SessionView;
import io.agentruntime.error.AgentRuntimeException;
import io.agentruntime.error.ErrorKind;
import io.agentruntime.error.StandardError;
import io.agentruntime.model.event.EventEnvelope;
import io.agentruntime.model.session.SessionId;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Tells one client what follows a place in a session's log, and then what happens. A thread of its
 * own runs it; {@link #end} and {@link #wake} are for others.
 *
 * <p>It holds a cursor and at most one page of events: the client sets the pace, and what it has
 * not taken stays in the log.
 */
final class SessionStream {
  private static final Logger LOG = LoggerFactory.getLogger(SessionStream.class);
  private static final Duration FIRST_LOOK = Duration.ofMillis(250);

  private final AgentRuntime runtime;
  private final SessionReplies replies;
  private final StreamTiming timing;
  private final SessionId id;
  private final StreamSink sink;
  private final ReentrantLock lock = new ReentrantLock();
  private final Condition changed = lock.newCondition();
  private long cursor;
  private @Nullable EventFeed feed;
  private @Nullable StreamEnd end;
  private boolean waiting;
  private boolean woken;

  /** The client has gone, or was told why the stream ends. */
  private static final class Over extends Exception {
    private static final long serialVersionUID = 1L;

    Over() {
      super("over", null, false, false);
    }
  }

  SessionStream(
      AgentRuntime runtime,
      SessionReplies replies,
      StreamTiming timing,
      SessionId id,
      long after,
      StreamSink sink) {
    this.runtime = runtime;
    this.replies = replies;
    this.timing = timing;
    this.id = id;
    this.cursor = after;
    this.sink = sink;
  }

  SessionId id() {
    return id;
  }

  /** Follows the log until the client goes or the stream is ended. */
  void run(Session session) {
    try {
      follow(session);
    } catch (Over over) {
      LOG.debug("session {}: a stream is over", id);
    } catch (InterruptedException e) {
      end(StreamEnd.SHUTTING_DOWN);
      Thread.currentThread().interrupt();
    } catch (AgentRuntimeException e) {
      if (e.code().kind() == ErrorKind.INTERNAL) {
        LOG.error("session {}: a stream failed", id, e);
      } else {
        LOG.warn("session {}: a stream ends: {}", id, e.getMessage());
      }
      StreamEnd shown = StreamEnd.of(e);
      end(new StreamEnd(shown.code(), runtime.redact(shown.text())));
    } catch (RuntimeException e) {
      LOG.error("session {}: a stream failed", id, e);
      end(new StreamEnd(StandardError.INTERNAL_ERROR, "Internal server error"));
    } finally {
      StreamEnd reason = end();
      sink.end(reason == null ? StreamEnd.SHUTTING_DOWN : reason);
    }
  }

  /** Ends the stream; the first reason counts. */
  void end(StreamEnd reason) {
    EventFeed open;
    lock.lock();
    try {
      if (end == null) {
        end = reason;
      }
      open = feed;
      changed.signalAll();
    } finally {
      lock.unlock();
    }
    if (open != null) {
      open.close();
    }
  }

  /** Says that the client has gone. */
  void left() {
    end(StreamEnd.SHUTTING_DOWN);
  }

  /** Whether it waits for its session to come back to memory. */
  boolean isWaiting() {
    lock.lock();
    try {
      return waiting;
    } finally {
      lock.unlock();
    }
  }

  /** Says that its session may be in memory again. */
  void wake() {
    lock.lock();
    try {
      woken = true;
      changed.signalAll();
    } finally {
      lock.unlock();
    }
  }

  private @Nullable StreamEnd end() {
    lock.lock();
    try {
      return end;
    } finally {
      lock.unlock();
    }
  }

  private void follow(Session first) throws InterruptedException, Over {
    Session session = first;
    check(sink.begin(timing.patience()));
    while (true) {
      Told told = Told.MORE;
      try (EventFeed open = open(session)) {
        while (told == Told.MORE) {
          told = tell(session, open.next(timing.heartbeat()));
          if (end() != null) {
            throw new Over();
          }
        }
      }
      if (told == Told.UNLOADED) {
        session = awaitLoaded(session);
      }
    }
  }

  private EventFeed open(Session session) throws InterruptedException, Over {
    EventFeed opened = session.feed(cursor);
    lock.lock();
    try {
      if (end == null) {
        feed = opened;
        return opened;
      }
    } finally {
      lock.unlock();
    }
    opened.close();
    throw new Over();
  }

  /** How it goes on. */
  private enum Told {
    /** There may be more. */
    MORE,
    /** The client is somewhere else in the log now. */
    ELSEWHERE,
    /** The session has left memory. */
    UNLOADED
  }

  private Told tell(Session session, FeedBatch batch) throws InterruptedException, Over {
    if (batch.reset()) {
      SessionView view = session.view();
      check(sink.send(List.of(StreamFrame.reset(replies.of(session, view))), timing.patience()));
      cursor = view.lastSeq();
      return Told.ELSEWHERE;
    }
    if (batch.store() != StoreChange.NONE) {
      StreamFrame news =
          batch.store() == StoreChange.FAILING
              ? StreamFrame.storeFailing()
              : StreamFrame.storeRecovered();
      check(sink.send(List.of(news), timing.patience()));
      return Told.MORE;
    }
    if (!batch.events().isEmpty()) {
      List<StreamFrame> frames = new ArrayList<>(batch.events().size());
      for (EventEnvelope envelope : batch.events()) {
        EventReply.of(envelope).map(StreamFrame::event).ifPresent(frames::add);
      }
      check(sink.send(frames, timing.patience()));
      cursor = batch.events().getLast().seq();
      return Told.MORE;
    }
    if (batch.store() == FeedBatch.StoreChange.TAKEN_OVER) {
      throw over(StreamEnd.TAKEN_OVER);
    }
    if (batch.ended()) {
      return Told.UNLOADED;
    }
    check(sink.heartbeat(timing.patience()));
    return Told.MORE;
  }

  private void check(StreamSink.Sent sent) throws Over {
    switch (sent) {
      case TAKEN -> {}
      case STALLED -> throw over(StreamEnd.slow(timing.patience()));
      case SILENT -> throw over(StreamEnd.noAnswer(timing.answer()));
      case GONE -> throw new Over();
    }
  }

  private Over over(StreamEnd reason) {
    end(reason);
    return new Over();
  }

  /**
   * Waits until the session, which was unloaded, is in memory again. Loading it only because
   * somebody listens would keep it there for ever.
   */
  private Session awaitLoaded(Session unloaded) throws InterruptedException, Over {
    Duration pace = FIRST_LOOK;
    while (true) {
      Session session = runtime.sessions().loaded(id).orElse(unloaded);
      if (session != unloaded) {
        return session;
      }
      if (isRemoved()) {
        throw over(new StreamEnd(StandardError.SESSION_NOT_FOUND, "The session was removed"));
      }
      if (!awaitWoken(pace)) {
        check(sink.heartbeat(timing.patience()));
        pace = min(pace.multipliedBy(2), timing.heartbeat());
      }
    }
  }

  private boolean isRemoved() throws InterruptedException {
    try {
      return !runtime.sessions().exists(id);
    } catch (AgentRuntimeException e) {
      LOG.debug("session {}: cannot tell whether it is still stored: {}", id, e.getMessage());
      return false;
    }
  }

  private static Duration min(Duration one, Duration other) {
    return one.compareTo(other) < 0 ? one : other;
  }

  private boolean awaitWoken(Duration most) throws InterruptedException, Over {
    long left = most.toNanos();
    lock.lockInterruptibly();
    try {
      waiting = true;
      while (!woken && end == null && left > 0) {
        left = changed.awaitNanos(left);
      }
      if (end != null) {
        throw new Over();
      }
      boolean was = woken;
      woken = false;
      return was;
    } finally {
      waiting = false;
      lock.unlock();
    }
  }
}
