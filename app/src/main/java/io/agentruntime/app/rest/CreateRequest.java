// SPDX-License-Identifier: MIT

package io.agentruntime.app.rest;

import io.agentruntime.app.error.ValidationException;
import io.agentruntime.app.error.ValidationIssue;
import io.agentruntime.core.CreateSession;
import io.agentruntime.error.AgentRuntimeException;
import io.agentruntime.model.profile.ProfileFile;
import io.agentruntime.model.workspace.WorkspacePath;
import io.micronaut.http.HttpRequest;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Reads the wish for a new session. Stateless. */
final class CreateRequest {
  private static final String PROFILE = "agentProfileRef";
  private static final String ARCHITECTURE = "architecture";
  private static final String FILES = "defaultWorkspaceFiles";

  private CreateRequest() {}

  static CreateSession read(HttpRequest<?> request, byte @Nullable [] bytes) {
    RequestBody body = RequestBody.of(request, bytes);
    String profile = body.text(PROFILE);
    // The profile or the server may name it; without a profile there is nothing to look it up in.
    String architecture =
        body.has(ARCHITECTURE) || !body.has(PROFILE) ? body.text(ARCHITECTURE) : null;
    Map<String, Object> options = body.optionalObject("sessionOptions");
    Map<String, Object> metadata = body.optionalObject("metadata");
    String name = body.optionalText("name");
    String sandbox = body.optionalText("sandbox");
    List<ProfileFile> files = body.value(FILES).isPresent() ? files(body) : List.of();
    body.check();
    return new CreateSession(
        architecture,
        profile,
        options == null ? Map.of() : options,
        name,
        metadata == null ? Map.of() : metadata,
        sandbox,
        files,
        IdempotencyKey.of(request),
        null);
  }

  /** Says what any client of this route expects when a required field is missing. */
  static ValidationException architectureRequired() {
    return new ValidationException(
        List.of(
            new ValidationIssue(
                "invalid_type", List.of(ARCHITECTURE), "Required", "string", "undefined", null)));
  }

  private static List<ProfileFile> files(RequestBody body) {
    List<ProfileFile> files = new ArrayList<>();
    int index = 0;
    for (Object element : body.list(FILES)) {
      if (element instanceof Map<?, ?> file) {
        addFile(body, index, file, files);
      } else {
        body.note(List.of(FILES, index), "Expected object");
      }
      index++;
    }
    return files;
  }

  private static void addFile(
      RequestBody body, int index, Map<?, ?> file, List<ProfileFile> files) {
    Object path = file.get("path");
    Object content = file.get("content");
    if (!(path instanceof String where) || !(content instanceof String text)) {
      body.note(List.of(FILES, index), "Expected {path, content} with two strings");
      return;
    }
    boolean base64 = "base64".equals(file.get("encoding"));
    boolean executable = Boolean.TRUE.equals(file.get("executable"));
    try {
      if (base64) {
        // Now, so that the client is told, and not the agent later.
        text = Base64.getEncoder().encodeToString(Base64.getMimeDecoder().decode(text));
      }
      files.add(new ProfileFile(new WorkspacePath(where), text, base64, executable));
    } catch (AgentRuntimeException e) {
      body.note(List.of(FILES, index, "path"), String.valueOf(e.getMessage()));
    } catch (IllegalArgumentException e) {
      body.note(List.of(FILES, index, "content"), "Expected base64");
    }
  }
}
