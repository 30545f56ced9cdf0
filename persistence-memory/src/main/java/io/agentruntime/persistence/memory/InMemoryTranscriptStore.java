// SPDX-License-Identifier: MIT

package io.agentruntime.persistence.memory;

import io.agentruntime.error.AgentRuntimeException;
import io.agentruntime.error.StandardError;
import io.agentruntime.model.session.SessionId;
import io.agentruntime.spi.persistence.TranscriptChunk;
import io.agentruntime.spi.persistence.TranscriptFile;
import io.agentruntime.spi.persistence.TranscriptStore;
import java.io.InputStream;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Transcript files as ropes. Thread-safe. */
final class InMemoryTranscriptStore implements TranscriptStore {
  private final MemorySessions sessions;

  InMemoryTranscriptStore(MemorySessions sessions) {
    this.sessions = sessions;
  }

  @Override
  public List<TranscriptFile> list(SessionId id) {
    return sessions
        .read(
            id,
            session ->
                session.transcriptFiles.entrySet().stream()
                    .map(file -> new TranscriptFile(file.getKey(), file.getValue().size()))
                    .toList())
        .orElse(List.of());
  }

  @Override
  public void write(TranscriptChunk chunk) {
    sessions.write(chunk.id(), chunk.epoch(), session -> write(session, chunk));
  }

  private static ByteRope write(MemorySession session, TranscriptChunk chunk) {
    ByteRope known = session.transcriptFiles.get(chunk.name());
    long size = known == null ? 0 : known.size();
    if (chunk.offset() > size) {
      throw tooShort(chunk.id(), chunk.name(), size, chunk.offset());
    }
    session.charge(chunk.offset() + chunk.bytes().length - size);
    ByteRope file = known == null ? new ByteRope() : known;
    file.write(chunk.offset(), chunk.bytes());
    session.transcriptFiles.put(chunk.name(), file);
    return file;
  }

  @Override
  public InputStream open(SessionId id, String name, long offset) {
    return sessions
        .read(id, session -> open(session, name, offset))
        .orElseThrow(
            () ->
                new AgentRuntimeException(
                    StandardError.FILE_NOT_FOUND,
                    "session " + id + " has no transcript file " + name));
  }

  private static @Nullable InputStream open(MemorySession session, String name, long offset) {
    ByteRope file = session.transcriptFiles.get(name);
    if (file == null) {
      return null;
    }
    if (offset < 0 || offset > file.size()) {
      throw tooShort(session.record.id(), name, file.size(), offset);
    }
    return file.open(offset);
  }

  private static AgentRuntimeException tooShort(SessionId id, String name, long size, long offset) {
    return new AgentRuntimeException(
        StandardError.OFFSET_MISMATCH,
        "transcript file "
            + name
            + " of session "
            + id
            + " has "
            + size
            + " bytes: no offset "
            + offset);
  }
}
