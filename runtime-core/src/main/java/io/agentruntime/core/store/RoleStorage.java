// SPDX-License-Identifier: MIT

package io.agentruntime.core.store;

import io.agentruntime.error.AgentRuntimeException;
import io.agentruntime.error.StandardError;
import io.agentruntime.model.session.SessionId;
import io.agentruntime.model.transcript.Transcript;
import io.agentruntime.model.transcript.TranscriptEntry;
import io.agentruntime.model.workspace.Content;
import io.agentruntime.model.workspace.ContentHash;
import io.agentruntime.model.workspace.Manifest;
import io.agentruntime.model.workspace.WorkspaceFile;
import io.agentruntime.spi.persistence.LeaseEpoch;
import io.agentruntime.spi.persistence.TranscriptChunk;
import io.agentruntime.spi.persistence.TranscriptFile;
import io.agentruntime.spi.persistence.TranscriptStore;
import io.agentruntime.spi.persistence.WorkspaceStore;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Storage through the transcript and workspace roles. */
final class RoleStorage implements SessionStorage {
  private final SessionId id;
  private final LeaseEpoch epoch;
  private final TranscriptStore transcripts;
  private final WorkspaceStore workspaces;
  private @Nullable Map<String, Long> sizes;

  RoleStorage(
      SessionId id, LeaseEpoch epoch, TranscriptStore transcripts, WorkspaceStore workspaces) {
    this.id = id;
    this.epoch = epoch;
    this.transcripts = transcripts;
    this.workspaces = workspaces;
  }

  @Override
  public List<WorkspaceFile> files() throws InterruptedException {
    return workspaces.manifest(id).orElse(Manifest.EMPTY).files();
  }

  @Override
  public void put(ContentHash hash, Content content) throws IOException, InterruptedException {
    if (!workspaces.missing(id, List.of(hash)).isEmpty()) {
      workspaces.put(id, hash, content);
    }
  }

  @Override
  public InputStream open(WorkspaceFile file) throws IOException, InterruptedException {
    ContentHash hash = file.hash();
    if (hash == null) {
      throw new AgentRuntimeException(
          StandardError.FILE_NOT_FOUND, file.path() + " is not a regular file");
    }
    return workspaces.open(id, hash);
  }

  @Override
  public void saveFiles(List<WorkspaceFile> files) throws InterruptedException {
    workspaces.saveManifest(id, epoch, new Manifest(files));
  }

  @Override
  public Transcript transcript() throws IOException, InterruptedException {
    List<TranscriptEntry> entries = new ArrayList<>();
    for (TranscriptFile file : transcripts.list(id)) {
      try (InputStream in = transcripts.open(id, file.name(), 0)) {
        entries.add(
            new TranscriptEntry(
                file.name(), new String(in.readAllBytes(), StandardCharsets.UTF_8)));
      }
    }
    return new Transcript(entries);
  }

  @Override
  public long transcriptSize(String name) throws InterruptedException {
    return sizes().getOrDefault(name, 0L);
  }

  @Override
  public void writeTranscript(String name, long offset, byte[] bytes) throws InterruptedException {
    transcripts.write(new TranscriptChunk(id, epoch, name, offset, bytes));
    sizes().put(name, offset + bytes.length);
  }

  @Override
  public void transcriptSynced() {
    // Each chunk was stored when it was written.
  }

  private Map<String, Long> sizes() throws InterruptedException {
    Map<String, Long> known = sizes;
    if (known == null) {
      known = new HashMap<>();
      for (TranscriptFile file : transcripts.list(id)) {
        known.put(file.name(), file.size());
      }
      sizes = known;
    }
    return known;
  }
}
