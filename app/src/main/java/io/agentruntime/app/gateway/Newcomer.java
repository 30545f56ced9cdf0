// SPDX-License-Identifier: MIT

package io.agentruntime.app.gateway;

import io.agentruntime.app.gateway.engine.DisconnectReason;
import io.agentruntime.app.gateway.socketio.SocketIoSocket;
import io.agentruntime.app.rest.view.FileTexts;
import io.agentruntime.core.event.EventFeed;
import io.agentruntime.core.event.FeedBatch;
import io.agentruntime.core.session.Session;
import io.agentruntime.core.session.SessionDirectory;
import io.agentruntime.core.session.SessionView;
import io.agentruntime.error.AgentRuntimeException;
import io.agentruntime.model.block.BlockId;
import io.agentruntime.model.event.EventEnvelope;
import io.agentruntime.model.event.SessionEvent;
import io.agentruntime.model.session.SessionId;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;

/**
 * Brings one client that joins a session to where everybody else is, no faster than it takes what
 * it is sent. Confined to the thread of the client's connection.
 */
final class Newcomer {
  private static final Duration PATIENCE = Duration.ofSeconds(30);

  /** Who goes on for a client that has everything so far. */
  interface Handover {
    /** Whether the client is taken over; if not, there is more that it lacks by now. */
    boolean takeOver(Session session, long cursor) throws InterruptedException;
  }

  private final GatewayClient client;
  private final SocketIoSocket via;
  private final SessionId id;
  private final SessionDirectory sessions;
  private final FileTexts texts;
  private final InstantSource clock;

  Newcomer(
      GatewayClient client,
      SocketIoSocket via,
      SessionId id,
      SessionDirectory sessions,
      FileTexts texts,
      InstantSource clock) {
    this.client = client;
    this.via = via;
    this.id = id;
    this.sessions = sessions;
    this.texts = texts;
    this.clock = clock;
  }

  /**
   * Sends what the client lacks until it is taken over, or its connection is of no use.
   *
   * @return the last event that it has
   * @throws AgentRuntimeException {@code SESSION_NOT_FOUND} when the session is gone meanwhile
   */
  long bring(Session session, JoinPoint point, Handover handover) throws InterruptedException {
    return follow(session, begin(session, point), handover);
  }

  private long begin(Session session, JoinPoint point) throws InterruptedException {
    SessionView view = session.view();
    Instant now = clock.instant();
    return switch (point) {
      case JoinPoint.Now ignored -> tellState(client, via, view, now);
      case JoinPoint.SinceView(long seq) ->
          seq >= view.lastSeq() || tellFinal(session, seq, view)
              ? tellState(client, via, view, now)
              : startOver(session, client, via, now);
      // A place beyond the end is one of another log, from before this one was begun anew.
      case JoinPoint.After(long seq) ->
          seq > view.lastSeq() ? startOver(session, client, via, now) : seq;
    };
  }

  private static long tellState(
      GatewayClient client, SocketIoSocket via, SessionView view, Instant now) {
    return tell(client, via, view, CatchUp.whole(view, client.dialect(), now));
  }

  private static long tell(
      GatewayClient client, SocketIoSocket via, SessionView view, List<WireEvent> events) {
    Offset place = new Offset(view.record().id(), view.lastSeq());
    client.deliver(via, place.session(), place.seq(), Parcel.encode(events, place));
    return place.seq();
  }

  /**
   * Tells a client whose place in the log is not known any more that it needs the state, and the
   * present one.
   *
   * @return the last event that it then has
   */
  static long startOver(Session session, GatewayClient client, SocketIoSocket via, Instant now) {
    SessionView view = session.view();
    tell(client, via, view, List.of(CatchUp.reset(view, client.dialect(), now)));
    return tellState(client, via, view, now);
  }

  /**
   * Sends what happened between two places, without the growth of blocks; false when the log does
   * not reach back that far.
   */
  private boolean tellFinal(Session session, long after, SessionView view)
      throws InterruptedException {
    Set<BlockId> growing = CatchUp.growing(view);
    WireEvents wire = new WireEvents(StreamMemory.ofUnknownPast(), texts);
    try (EventFeed feed = session.feed(after)) {
      while (feed.cursor() < view.lastSeq()) {
        FeedBatch batch = feed.next(Duration.ZERO);
        if (batch.reset() || batch.events().isEmpty()) {
          return !batch.reset();
        }
        List<WireEvents.Shown> shown = new ArrayList<>();
        for (EventEnvelope envelope : batch.events()) {
          WireEvents.Shown event = wire.take(session, envelope);
          if (envelope.seq() <= view.lastSeq() && !isGrowth(envelope.event(), growing)) {
            shown.add(event);
          }
        }
        if (!send(shown)) {
          return true;
        }
      }
      return true;
    }
  }

  private static boolean isGrowth(SessionEvent event, Set<BlockId> growing) {
    return switch (event) {
      case SessionEvent.BlockDelta delta -> true;
      case SessionEvent.BlockStarted started -> growing.contains(started.block().id());
      case SessionEvent.BlockUpdated updated -> growing.contains(updated.block().id());
      default -> false;
    };
  }

  /** Sends everything after a place until somebody takes over. */
  private long follow(Session first, long from, Handover handover) throws InterruptedException {
    Session session = first;
    long cursor = from;
    WireEvents wire = new WireEvents(StreamMemory.ofUnknownPast(), texts);
    EventFeed feed = session.feed(cursor);
    try {
      while (!handover.takeOver(session, cursor)) {
        FeedBatch batch = feed.next(PATIENCE);
        if (batch.ended()) {
          feed.close();
          session = sessions.get(id);
          feed = session.feed(cursor);
        } else if (batch.reset()) {
          cursor = startOver(session, client, via, clock.instant());
          feed.close();
          feed = session.feed(cursor);
        } else if (!batch.events().isEmpty()) {
          List<WireEvents.Shown> shown = new ArrayList<>();
          for (EventEnvelope envelope : batch.events()) {
            shown.add(wire.take(session, envelope));
          }
          cursor = shown.getLast().envelope().seq();
          if (!send(shown)) {
            return cursor;
          }
        }
      }
      return cursor;
    } finally {
      feed.close();
    }
  }

  /** Sends, no faster than the client takes it; false when that connection is of no use. */
  private boolean send(List<WireEvents.Shown> shown) throws InterruptedException {
    for (Parcel parcel : Parcel.pack(shown)) {
      if (!via.awaitDrained(PATIENCE)) {
        // Else it would stay connected, believe that it follows, and never be told anything again.
        via.drop(DisconnectReason.SLOW_CONSUMER);
        return false;
      }
      if (!client.deliver(via, id, parcel.last(), parcel.packets(client.dialect()))) {
        return false;
      }
    }
    return true;
  }
}
