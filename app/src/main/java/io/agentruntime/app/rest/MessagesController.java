// SPDX-License-Identifier: MIT

package io.agentruntime.app.rest;

import io.agentruntime.app.error.HttpError;
import io.agentruntime.app.rest.view.PermissionReply;
import io.agentruntime.app.rest.view.QueuedReply;
import io.agentruntime.core.AgentRuntime;
import io.agentruntime.core.session.MessageReceipt;
import io.agentruntime.core.session.MessageRequest;
import io.agentruntime.core.session.Session;
import io.agentruntime.core.session.SessionView;
import io.agentruntime.error.AgentRuntimeException;
import io.agentruntime.error.StandardError;
import io.agentruntime.model.event.PermissionAnswer;
import io.agentruntime.model.turn.DeliveryMode;
import io.agentruntime.model.turn.UserContent;
import io.agentruntime.support.json.ContentMaps;
import io.micronaut.core.annotation.Nullable;
import io.micronaut.http.HttpRequest;
import io.micronaut.http.HttpResponse;
import io.micronaut.http.MediaType;
import io.micronaut.http.annotation.Body;
import io.micronaut.http.annotation.Consumes;
import io.micronaut.http.annotation.Controller;
import io.micronaut.http.annotation.Delete;
import io.micronaut.http.annotation.Get;
import io.micronaut.http.annotation.Post;
import io.micronaut.http.annotation.Put;
import io.micronaut.scheduling.TaskExecutors;
import io.micronaut.scheduling.annotation.ExecuteOn;
import java.util.List;
import java.util.Map;

/** Messages to a session, its queue, interrupts, and answers to what the agent asks. */
@Controller
@Consumes(MediaType.ALL)
@ExecuteOn(TaskExecutors.BLOCKING)
final class MessagesController {
  private static final int ATTEMPTS = 3;

  private final AgentRuntime runtime;

  MessagesController(AgentRuntime runtime) {
    this.runtime = runtime;
  }

  @Post(
      uris = {
        "/sessions/{id}/message",
        "/sessions/{id}/messages",
        "/api/sessions/{id}/message",
        "/api/sessions/{id}/messages"
      })
  HttpResponse<byte[]> send(HttpRequest<?> request, String id, @Body @Nullable byte[] bytes)
      throws InterruptedException {
    RequestBody body = RequestBody.of(request, bytes);
    UserContent content = content(body);
    DeliveryMode mode = body.choice("mode", DeliveryMode.class, DeliveryMode.QUEUE);
    body.check();
    MessageReceipt receipt =
        send(id, new MessageRequest(content, mode, IdempotencyKey.of(request)));
    return Replies.ok(
        Map.of(
            "success",
            true,
            "sessionId",
            id,
            "messageId",
            receipt.messageId().value(),
            "replayed",
            receipt.replayed()));
  }

  /** A session may be unloaded between being found and being asked: it is then asked anew. */
  private MessageReceipt send(String id, MessageRequest message) throws InterruptedException {
    for (int attempt = 1; ; attempt++) {
      try {
        return session(id).send(message);
      } catch (AgentRuntimeException e) {
        if (e.code() != StandardError.CLOSED || attempt == ATTEMPTS || runtime.isStopping()) {
          throw e;
        }
      }
    }
  }

  private static UserContent content(RequestBody body) {
    Object content = body.value("content").orElse(null);
    if (content instanceof List<?>) {
      return ContentMaps.read(content);
    }
    return new UserContent.Text(body.text("content"));
  }

  @Post(uris = {"/sessions/{id}/interrupt", "/api/sessions/{id}/interrupt"})
  HttpResponse<byte[]> interrupt(String id) throws InterruptedException {
    boolean interrupted = session(id).interrupt();
    return Replies.ok(Map.of("success", true, "sessionId", id, "interrupted", interrupted));
  }

  @Get(uris = {"/sessions/{id}/queue", "/api/sessions/{id}/queue"})
  HttpResponse<byte[]> queue(String id) throws InterruptedException {
    return queue(id, session(id).view());
  }

  @Put(uris = {"/sessions/{id}/queue", "/api/sessions/{id}/queue"})
  HttpResponse<byte[]> reorder(HttpRequest<?> request, String id, @Body @Nullable byte[] bytes)
      throws InterruptedException {
    RequestBody body = RequestBody.of(request, bytes);
    List<String> order = body.texts("order");
    body.check();
    Session session = session(id);
    session.reorder(order.stream().map(PathIds::message).toList());
    return queue(id, session.view());
  }

  @Delete(uris = {"/sessions/{id}/queue/{messageId}", "/api/sessions/{id}/queue/{messageId}"})
  HttpResponse<byte[]> cancel(String id, String messageId) throws InterruptedException {
    if (!session(id).cancel(PathIds.message(messageId))) {
      throw new AgentRuntimeException(
          HttpError.MESSAGE_NOT_FOUND, "No such message waits (any more)");
    }
    return Replies.done(id);
  }

  @Get(uris = {"/sessions/{id}/permissions", "/api/sessions/{id}/permissions"})
  HttpResponse<byte[]> permissions(String id) throws InterruptedException {
    List<PermissionReply> open =
        session(id).view().permissions().stream().map(PermissionReply::of).toList();
    return Replies.ok(Map.of("sessionId", id, "permissions", open));
  }

  @Post(
      uris = {
        "/sessions/{id}/permissions/{requestId}",
        "/api/sessions/{id}/permissions/{requestId}"
      })
  HttpResponse<byte[]> answer(
      HttpRequest<?> request, String id, String requestId, @Body @Nullable byte[] bytes)
      throws InterruptedException {
    RequestBody body = RequestBody.of(request, bytes);
    boolean allowed = body.flag("allowed");
    Map<String, Object> updatedInput = body.optionalObject("updatedInput");
    String message = body.optionalText("message");
    body.check();
    session(id).answer(new PermissionAnswer(requestId, allowed, updatedInput, message, "client"));
    return Replies.done(id);
  }

  private static HttpResponse<byte[]> queue(String id, SessionView view) {
    return Replies.ok(
        Map.of("sessionId", id, "queue", view.queue().stream().map(QueuedReply::of).toList()));
  }

  private Session session(String id) throws InterruptedException {
    return runtime.sessions().get(PathIds.session(id));
  }
}
