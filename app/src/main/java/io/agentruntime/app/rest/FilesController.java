// SPDX-License-Identifier: MIT

package io.agentruntime.app.rest;

import io.agentruntime.core.AgentRuntime;
import io.agentruntime.core.session.Session;
import io.agentruntime.error.AgentRuntimeException;
import io.agentruntime.error.StandardError;
import io.agentruntime.model.workspace.FileKind;
import io.agentruntime.model.workspace.WorkspaceFile;
import io.micronaut.http.HttpHeaders;
import io.micronaut.http.HttpResponse;
import io.micronaut.http.MediaType;
import io.micronaut.http.annotation.Controller;
import io.micronaut.http.annotation.Get;
import io.micronaut.http.annotation.QueryValue;
import io.micronaut.http.server.types.files.StreamedFile;
import io.micronaut.scheduling.TaskExecutors;
import io.micronaut.scheduling.annotation.ExecuteOn;
import java.io.IOException;
import java.util.Objects;

/** Whole workspace files, where a session's view holds only their beginning or no bytes at all. */
@Controller
@ExecuteOn(TaskExecutors.BLOCKING)
final class FilesController {
  private final AgentRuntime runtime;

  FilesController(AgentRuntime runtime) {
    this.runtime = runtime;
  }

  /** The bytes as they were last stored; never shown by a browser, whatever they are. */
  @Get(uris = {"/sessions/{id}/file", "/api/sessions/{id}/file"})
  HttpResponse<StreamedFile> file(String id, @QueryValue String path)
      throws IOException, InterruptedException {
    Session session = runtime.sessions().get(PathIds.session(id));
    WorkspaceFile file =
        session.view().files().stream()
            .filter(known -> known.path().value().equals(path))
            .filter(known -> known.kind() == FileKind.REGULAR)
            .findFirst()
            .orElseThrow(
                () ->
                    new AgentRuntimeException(
                        StandardError.FILE_NOT_FOUND, "No such file in the stored workspace"));
    return HttpResponse.ok(
            new StreamedFile(
                session.open(file), MediaType.APPLICATION_OCTET_STREAM_TYPE, 0, file.size()))
        .header(HttpHeaders.ETAG, '"' + Objects.requireNonNull(file.hash()).hex() + '"')
        .header(HttpHeaders.CONTENT_DISPOSITION, "attachment");
  }
}
