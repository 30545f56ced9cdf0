// SPDX-License-Identifier: MIT

package io.agentruntime.core.store;

import io.agentruntime.error.AgentRuntimeException;
import io.agentruntime.error.StandardError;
import io.agentruntime.model.session.SessionId;
import io.agentruntime.model.transcript.StoredTranscript;
import io.agentruntime.model.transcript.Transcript;
import io.agentruntime.model.transcript.TranscriptEntry;
import io.agentruntime.model.workspace.Content;
import io.agentruntime.model.workspace.ContentHash;
import io.agentruntime.model.workspace.WorkspaceFile;
import io.agentruntime.model.workspace.WorkspacePath;
import io.agentruntime.spi.architecture.TranscriptCodec;
import io.agentruntime.spi.persistence.FileRemoval;
import io.agentruntime.spi.persistence.FileWrite;
import io.agentruntime.spi.persistence.LeaseEpoch;
import io.agentruntime.spi.persistence.PersistenceAdapter;
import io.agentruntime.spi.persistence.StoredFile;
import io.agentruntime.spi.persistence.StoredSession;
import io.agentruntime.spi.persistence.TranscriptWrite;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Storage through the nine basic operations alone. Contents are kept a second time in a folder of
 * this server, because those operations cannot read one file; transcripts are kept in memory while
 * the session is loaded, because they can only be saved whole.
 */
final class BasicStorage implements SessionStorage {
  private final SessionId id;
  private final LeaseEpoch epoch;
  private final PersistenceAdapter adapter;
  private final TranscriptCodec codec;
  private final Path blobs;
  private final Map<WorkspacePath, WorkspaceFile> files = new LinkedHashMap<>();
  private final Map<String, ByteArrayOutputStream> transcripts = new LinkedHashMap<>();

  BasicStorage(
      SessionId id,
      LeaseEpoch epoch,
      PersistenceAdapter adapter,
      TranscriptCodec codec,
      Path blobs,
      StoredSession stored)
      throws IOException, InterruptedException {
    this.id = id;
    this.epoch = epoch;
    this.adapter = adapter;
    this.codec = codec;
    this.blobs = Files.createDirectories(blobs);
    for (StoredFile file : stored.files()) {
      files.put(file.file().path(), file.file());
      Content content = file.content();
      ContentHash hash = file.file().hash();
      if (content != null && hash != null) {
        put(hash, content);
      }
    }
    StoredTranscript transcript = stored.transcript();
    if (transcript != null) {
      for (TranscriptEntry entry : codec.fromStored(id, transcript).entries()) {
        append(entry.name(), 0, entry.content().getBytes(StandardCharsets.UTF_8));
      }
    }
  }

  @Override
  public List<WorkspaceFile> files() {
    return files.values().stream().sorted((a, b) -> a.path().compareTo(b.path())).toList();
  }

  @Override
  public void put(ContentHash hash, Content content) throws IOException {
    Path target = blobs.resolve(hash.hex());
    if (Files.exists(target)) {
      return;
    }
    Path part = Files.createTempFile(blobs, "part", null);
    try (InputStream in = content.open()) {
      Files.copy(in, part, StandardCopyOption.REPLACE_EXISTING);
      Files.move(part, target, StandardCopyOption.ATOMIC_MOVE);
    } catch (FileAlreadyExistsException e) {
      Files.deleteIfExists(part);
    } catch (IOException e) {
      Files.deleteIfExists(part);
      throw e;
    }
  }

  @Override
  public InputStream open(WorkspaceFile file) throws IOException {
    ContentHash hash = file.hash();
    if (hash == null || !Files.exists(blobs.resolve(hash.hex()))) {
      throw new AgentRuntimeException(
          StandardError.FILE_NOT_FOUND, "no content is kept for " + file.path());
    }
    return Files.newInputStream(blobs.resolve(hash.hex()));
  }

  @Override
  public void saveFiles(List<WorkspaceFile> now) throws InterruptedException {
    Map<WorkspacePath, WorkspaceFile> wanted = new LinkedHashMap<>();
    now.forEach(file -> wanted.put(file.path(), file));
    for (WorkspacePath path : List.copyOf(files.keySet())) {
      if (!wanted.containsKey(path)) {
        adapter.deleteSessionFile(new FileRemoval(id, epoch, path));
        files.remove(path);
      }
    }
    for (WorkspaceFile file : wanted.values()) {
      if (!file.equals(files.get(file.path()))) {
        ContentHash hash = file.hash();
        Content content = hash == null ? null : new StoredBlob(blobs.resolve(hash.hex()), file);
        adapter.saveWorkspaceFile(new FileWrite(id, epoch, new StoredFile(file, content)));
        files.put(file.path(), file);
      }
    }
  }

  @Override
  public Transcript transcript() {
    List<TranscriptEntry> entries = new ArrayList<>();
    transcripts.forEach(
        (name, bytes) ->
            entries.add(new TranscriptEntry(name, bytes.toString(StandardCharsets.UTF_8))));
    return new Transcript(entries);
  }

  @Override
  public long transcriptSize(String name) {
    ByteArrayOutputStream bytes = transcripts.get(name);
    return bytes == null ? 0 : bytes.size();
  }

  @Override
  public void writeTranscript(String name, long offset, byte[] bytes) {
    append(name, offset, bytes);
  }

  @Override
  public void transcriptSynced() throws InterruptedException {
    StoredTranscript stored = codec.toStored(transcript());
    adapter.saveTranscript(new TranscriptWrite(id, epoch, stored.raw(), null));
    for (Map.Entry<String, String> subagent : stored.subagents().entrySet()) {
      adapter.saveTranscript(
          new TranscriptWrite(id, epoch, subagent.getValue(), subagent.getKey()));
    }
  }

  private void append(String name, long offset, byte[] bytes) {
    ByteArrayOutputStream known =
        transcripts.computeIfAbsent(name, ignored -> new ByteArrayOutputStream());
    if (offset > known.size()) {
      throw new AgentRuntimeException(
          StandardError.OFFSET_MISMATCH, "transcript " + name + " is shorter than " + offset);
    }
    if (offset < known.size()) {
      byte[] kept = known.toByteArray();
      known.reset();
      known.write(kept, 0, Math.toIntExact(offset));
    }
    known.writeBytes(bytes);
  }

  private record StoredBlob(Path path, WorkspaceFile file) implements Content {
    @Override
    public long size() {
      return file.size();
    }

    @Override
    public InputStream open() throws IOException {
      return Files.newInputStream(path);
    }
  }
}
