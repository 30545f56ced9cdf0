// SPDX-License-Identifier: MIT

package io.agentruntime.app.rest;

import io.agentruntime.app.profile.ProfileEditor;
import io.agentruntime.app.profile.ProfileEditor.Expected;
import io.agentruntime.app.profile.ProfileEditor.Shown;
import io.agentruntime.error.AgentRuntimeException;
import io.micronaut.core.annotation.Nullable;
import io.micronaut.http.HttpHeaders;
import io.micronaut.http.HttpRequest;
import io.micronaut.http.HttpResponse;
import io.micronaut.http.MediaType;
import io.micronaut.http.MutableHttpResponse;
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
import java.util.Objects;

/** Shows agent profiles, and changes those of the store. */
@Controller
@Consumes(MediaType.ALL)
@ExecuteOn(TaskExecutors.BLOCKING)
final class ProfilesController {
  private static final String ID = "id";

  private final ProfileEditor profiles;

  ProfilesController(ProfileEditor profiles) {
    this.profiles = profiles;
  }

  @Get(uris = {"/agent-profiles", "/api/agent-profiles"})
  HttpResponse<byte[]> list() throws InterruptedException {
    return Replies.ok(Map.of("profiles", profiles.list()));
  }

  @Get(uris = {"/agent-profiles/{id}", "/api/agent-profiles/{id}"})
  HttpResponse<byte[]> get(String id) throws InterruptedException {
    Shown shown = profiles.get(id);
    return tagged(Replies.ok(shown), shown);
  }

  @Post(uris = {"/agent-profiles", "/api/agent-profiles"})
  HttpResponse<byte[]> create(HttpRequest<?> request, @Body @Nullable byte[] bytes)
      throws InterruptedException {
    RequestBody body = RequestBody.of(request, bytes);
    body.text(ID);
    body.check();
    Map<String, Object> fields = body.fields();
    fields.putIfAbsent("name", fields.get(ID));
    Shown shown = profiles.save(fields, new Expected.Absent());
    return tagged(Replies.created(shown), shown);
  }

  /** The whole profile anew; what the body leaves out is gone. */
  @Put(uris = {"/agent-profiles/{id}", "/api/agent-profiles/{id}"})
  HttpResponse<byte[]> put(HttpRequest<?> request, String id, @Body @Nullable byte[] bytes)
      throws InterruptedException {
    RequestBody body = RequestBody.of(request, bytes);
    Map<String, Object> fields = body.fields();
    if (!Objects.equals(fields.getOrDefault(ID, id), id)) {
      body.note(List.of(ID), "Expected the id in the path, or none");
    }
    if (fields.isEmpty()) {
      // Also a body of another content type, which must not empty a profile.
      body.note(List.of(), "Expected a profile, as application/json");
    }
    body.check();
    fields.put(ID, id);
    fields.putIfAbsent("name", id);
    Shown shown = profiles.save(fields, expected(request));
    return tagged(Replies.ok(shown), shown);
  }

  @Delete(uris = {"/agent-profiles/{id}", "/api/agent-profiles/{id}"})
  HttpResponse<byte[]> delete(HttpRequest<?> request, String id) throws InterruptedException {
    profiles.delete(id, expected(request));
    return Replies.ok(Map.of("success", true, ID, id));
  }

  private static Expected expected(HttpRequest<?> request) {
    String match = request.getHeaders().get(HttpHeaders.IF_MATCH);
    String noneMatch = request.getHeaders().get(HttpHeaders.IF_NONE_MATCH);
    if (noneMatch != null) {
      if (match != null || !noneMatch.strip().equals("*")) {
        throw AgentRuntimeException.invalid(HttpHeaders.IF_NONE_MATCH, "*, without If-Match");
      }
      return new Expected.Absent();
    }
    if (match == null) {
      return new Expected.Anything();
    }
    String tag = match.strip();
    if (tag.length() < 3 || !tag.startsWith("\"") || !tag.endsWith("\"")) {
      throw AgentRuntimeException.invalid(HttpHeaders.IF_MATCH, "one ETag, with its quotes");
    }
    return new Expected.Version(tag.substring(1, tag.length() - 1));
  }

  private static HttpResponse<byte[]> tagged(HttpResponse<byte[]> reply, Shown shown) {
    return ((MutableHttpResponse<byte[]>) reply)
        .header(HttpHeaders.ETAG, '"' + shown.version() + '"');
  }
}
