package io.agentruntime.app.rest;

import io.agentruntime.app.rest.view.EventReply;
import io.agentruntime.core.AgentRuntime;
import io.agentruntime.core.event.EventFeed;
import io.agentruntime.core.event.FeedBatch;
import io.agentruntime.core.session.Session;
import io.agentruntime.error.AgentRuntimeException;
import io.agentruntime.model.event.EventEnvelope;
import io.micronaut.http.HttpResponse;
import io.micronaut.http.annotation.Controller;
import io.micronaut.http.annotation.Get;
import io.micronaut.http.annotation.QueryValue;
import io.micronaut.scheduling.TaskExecutors;
import io.micronaut.scheduling.annotation.ExecuteOn;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** The event log of a session, page by page. */
@Controller
@ExecuteOn(TaskExecutors.BLOCKING)
final class EventsController {
  private static final int DEFAULT_PAGE = 500;
  private static final int LONGEST_PAGE = 5000;

  private final AgentRuntime runtime;

  EventsController(AgentRuntime runtime) {
    this.runtime = runtime;
  }

  @Get(uris = {"/sessions/{id}/events", "/api/sessions/{id}/events"})
  HttpResponse<byte[]> events(
      String id, @QueryValue @Nullable Long after, @QueryValue @Nullable Integer limit)
      throws InterruptedException {
    int most = limit == null ? DEFAULT_PAGE : limit;
    if (most < 1 || most > LONGEST_PAGE) {
      throw AgentRuntimeException.invalid("limit", "1 to " + LONGEST_PAGE);
    }
    Session session = runtime.sessions().get(PathIds.session(id));
    return Replies.ok(page(session, after == null ? 0 : after, most));
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
