// SPDX-License-Identifier: MIT

package io.agentruntime.app.rest;

import io.agentruntime.app.rest.view.RuntimeReply;
import io.agentruntime.app.rest.view.SessionItem;
import io.agentruntime.app.rest.view.SessionReplies;
import io.agentruntime.core.AgentRuntime;
import io.agentruntime.core.CreateSession;
import io.agentruntime.core.session.Session;
import io.agentruntime.core.session.SessionView;
import io.agentruntime.error.AgentRuntimeException;
import io.agentruntime.error.StandardError;
import io.agentruntime.model.session.SessionId;
import io.agentruntime.model.session.SessionUpdate;
import io.agentruntime.spi.persistence.SessionPage;
import io.agentruntime.spi.persistence.SessionQuery;
import io.micronaut.core.annotation.Nullable;
import io.micronaut.http.HttpRequest;
import io.micronaut.http.HttpResponse;
import io.micronaut.http.MediaType;
import io.micronaut.http.annotation.Body;
import io.micronaut.http.annotation.Consumes;
import io.micronaut.http.annotation.Controller;
import io.micronaut.http.annotation.Delete;
import io.micronaut.http.annotation.Get;
import io.micronaut.http.annotation.Patch;
import io.micronaut.http.annotation.Post;
import io.micronaut.http.annotation.QueryValue;
import io.micronaut.scheduling.TaskExecutors;
import io.micronaut.scheduling.annotation.ExecuteOn;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Creates, shows, changes and ends sessions. */
@Controller
@Consumes(MediaType.ALL)
@ExecuteOn(TaskExecutors.BLOCKING)
final class SessionsController {
  private static final int LONGEST_PAGE = 1000;

  private final AgentRuntime runtime;
  private final SessionReplies replies;
  private final ViewObserver observer;

  SessionsController(AgentRuntime runtime, SessionReplies replies, ViewObserver observer) {
    this.runtime = runtime;
    this.replies = replies;
    this.observer = observer;
  }

  @Post("/api/sessions")
  HttpResponse<byte[]> create(HttpRequest<?> request, @Body @Nullable byte[] body)
      throws InterruptedException {
    return create(request, body, "inactive");
  }

  /** The word is what this route's clients expect, although nothing is built before a message. */
  @Post("/sessions/create")
  HttpResponse<byte[]> createBuilding(HttpRequest<?> request, @Body @Nullable byte[] body)
      throws InterruptedException {
    return create(request, body, "building-sandbox");
  }

  private Session create(CreateSession wish) throws InterruptedException {
    try {
      return runtime.sessions().create(wish);
    } catch (AgentRuntimeException e) {
      if (e.code() == StandardError.MISSING_ARCHITECTURE) {
        throw CreateRequest.architectureRequired();
      }
      throw e;
    }
  }

  private HttpResponse<byte[]> create(HttpRequest<?> request, @Nullable byte[] body, String status)
      throws InterruptedException {
    SessionView view = create(CreateRequest.read(request, body)).view();
    return Replies.created(
        new CreateReply(
            view.record().id().value(),
            status,
            RuntimeReply.of(view.runtime()),
            view.record().createdAt().toEpochMilli(),
            view.record().options()));
  }

  @Get(uris = {"/sessions", "/api/sessions"})
  HttpResponse<byte[]> list(
      @QueryValue @Nullable Integer limit,
      @QueryValue @Nullable String cursor,
      @QueryValue @Nullable String architecture,
      @QueryValue @Nullable String profile,
      @QueryValue @Nullable String name)
      throws InterruptedException {
    SessionPage page =
        runtime
            .sessions()
            .list(
                new SessionQuery(
                    architecture, profile, name, limit == null ? LONGEST_PAGE : limit, cursor));
    List<SessionItem> items =
        page.sessions().stream()
            .map(session -> SessionItem.of(session, runtime.sessions().runtimeState(session.id())))
            .toList();
    Map<String, Object> reply = new LinkedHashMap<>();
    reply.put("sessions", items);
    if (page.nextCursor() != null) {
      reply.put("nextCursor", page.nextCursor());
    }
    return Replies.ok(reply);
  }

  @Get(uris = {"/sessions/{id}", "/api/sessions/{id}"})
  HttpResponse<byte[]> get(HttpRequest<?> request, String id) throws InterruptedException {
    Session session = session(id);
    SessionView view = session.view();
    HttpResponse<byte[]> reply = Replies.ok(replies.of(session, view));
    observer.viewed(request, session.id(), view.lastSeq());
    return reply;
  }

  @Patch(uris = {"/sessions/{id}", "/api/sessions/{id}"})
  HttpResponse<byte[]> update(HttpRequest<?> request, String id, @Body @Nullable byte[] bytes)
      throws InterruptedException {
    RequestBody body = RequestBody.of(request, bytes);
    SessionUpdate update =
        new SessionUpdate(
            body.optionalObject("sessionOptions"),
            null,
            body.optionalText("name"),
            body.optionalObject("metadata"));
    body.check();
    Session session = session(id);
    session.update(update);
    SessionView view = session.view();
    return Replies.ok(SessionItem.of(view.record(), view.runtime()));
  }

  @Patch(uris = {"/sessions/{id}/options", "/api/sessions/{id}/options"})
  HttpResponse<byte[]> options(HttpRequest<?> request, String id, @Body @Nullable byte[] bytes)
      throws InterruptedException {
    RequestBody body = RequestBody.of(request, bytes);
    Map<String, Object> options = body.object("sessionOptions");
    body.check();
    session(id).update(SessionUpdate.options(options));
    return Replies.ok(Map.of("success", true, "sessionId", id, "sessionOptions", options));
  }

  /** Ends sandbox and session in memory, {@code ?purge=true} also what is stored. */
  @Delete(uris = {"/sessions/{id}", "/api/sessions/{id}"})
  HttpResponse<byte[]> delete(String id, @QueryValue @Nullable Boolean purge)
      throws InterruptedException {
    SessionId session = PathIds.session(id);
    if (Boolean.TRUE.equals(purge)) {
      runtime.sessions().purge(session);
    } else {
      runtime.sessions().unload(session);
    }
    return Replies.done(id);
  }

  @Post(uris = {"/sessions/{id}/sync", "/api/sessions/{id}/sync"})
  HttpResponse<byte[]> sync(String id) throws InterruptedException {
    loaded(id, "Session not found").sync();
    return Replies.done(id);
  }

  @Post(uris = {"/sessions/{id}/environment/terminate", "/api/sessions/{id}/environment/terminate"})
  HttpResponse<byte[]> terminate(String id) throws InterruptedException {
    Session session = loaded(id, "Session not found or not loaded");
    session.terminateSandbox();
    return Replies.ok(
        Map.of(
            "success",
            true,
            "sessionId",
            id,
            "runtime",
            RuntimeReply.of(session.view().runtime())));
  }

  private Session session(String id) throws InterruptedException {
    return runtime.sessions().get(PathIds.session(id));
  }

  private Session loaded(String id, String text) {
    return runtime
        .sessions()
        .loaded(PathIds.session(id))
        .orElseThrow(() -> new AgentRuntimeException(StandardError.SESSION_NOT_FOUND, text));
  }
}
