// SPDX-License-Identifier: MIT

package io.agentruntime.app.rest;

import io.agentruntime.app.gateway.stream.EventStreams;
import io.agentruntime.app.gateway.stream.StreamCursor;
import io.agentruntime.app.rest.view.EventReply;
import io.agentruntime.core.AgentRuntime;
import io.agentruntime.core.event.EventFeed;
import io.agentruntime.core.event.FeedBatch;
import io.agentruntime.core.session.Session;
import io.agentruntime.error.AgentRuntimeException;
import io.agentruntime.model.event.EventEnvelope;
import io.micronaut.http.HttpRequest;
import io.micronaut.http.HttpResponse;
import io.micronaut.http.MediaType;
import io.micronaut.http.annotation.Controller;
import io.micronaut.http.annotation.Get;
import io.micronaut.http.annotation.Produces;
import io.micronaut.http.annotation.QueryValue;
import io.micronaut.scheduling.TaskExecutors;
import io.micronaut.scheduling.annotation.ExecuteOn;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** The event log of a session, page by page or as a stream of server-sent events. */
@Controller
@ExecuteOn(TaskExecutors.BLOCKING)
final class EventsController {
  private static final int DEFAULT_PAGE = 500;
  private static final int LONGEST_PAGE = 5000;

  private final AgentRuntime runtime;

  private final EventStreams streams;

  EventsController(AgentRuntime runtime, EventStreams streams) {
    this.runtime = runtime;
    this.streams = streams;
  }

  @Get(uris = {"/sessions/{id}/events", "/api/sessions/{id}/events"})
  @Produces({MediaType.APPLICATION_JSON, MediaType.TEXT_EVENT_STREAM})
  HttpResponse<?> events(HttpRequest<?> request, String id, @QueryValue @Nullable Integer limit)
      throws InterruptedException {
    long after = StreamCursor.of(request);
    Session session = runtime.sessions().get(PathIds.session(id));
    if (EventStreams.isWanted(request)) {
      return streams.open(request, session);
    }
    int most = limit == null ? DEFAULT_PAGE : limit;
    if (most < 1 || most > LONGEST_PAGE) {
      throw AgentRuntimeException.invalid("limit", "1 to " + LONGEST_PAGE);
    }
    return Replies.ok(page(session, after, most));
  }

  private static EventPage page(Session session, long after, int most) throws InterruptedException {
    List<EventReply> events = new ArrayList<>();
    boolean reset = false;
    long cursor = after;
    try (EventFeed feed = session.feed(after)) {
      FeedBatch batch = feed.next(Duration.ZERO);
      while (!batch.ended() && (batch.reset() || !batch.events().isEmpty())) {
        reset |= batch.reset();
        cursor = batch.reset() ? feed.cursor() : cursor;
        for (EventEnvelope envelope : batch.events()) {
          if (events.size() == most) {
            return new EventPage(session.id().value(), events, cursor, true, reset);
          }
          EventReply.of(envelope).ifPresent(events::add);
          cursor = envelope.seq();
        }
        batch = feed.next(Duration.ZERO);
      }
    }
    return new EventPage(session.id().value(), events, cursor, false, reset);
  }

  /**
   * A page of a log.
   *
   * @param sessionId whose
   * @param events in order; some of the log are internal and left out
   * @param nextAfter where the next page begins
   * @param hasMore whether there are events after this page
   * @param reset the log does not go back to where this page should have begun: load the session
   */
  record EventPage(
      String sessionId, List<EventReply> events, long nextAfter, boolean hasMore, boolean reset) {}
}
