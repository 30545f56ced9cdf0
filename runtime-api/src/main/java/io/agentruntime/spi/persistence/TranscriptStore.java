package io.agentruntime.spi.persistence;

import io.agentruntime.model.session.SessionId;
import java.io.IOException;
import java.io.InputStream;
import java.util.List;

/** Keeps transcripts as files that mostly grow at their end. Thread-safe. */
public interface TranscriptStore {
  /** All transcript files of a session, in the order in which they were first written. */
  List<TranscriptFile> list(SessionId id) throws InterruptedException;

  /**
   * Writes at an offset: the file keeps its first {@code offset} bytes and ends with these.
   *
   * @throws io.agentruntime.error.AgentRuntimeException {@code OFFSET_MISMATCH} when the file is
   *     shorter than {@code offset}, {@code FENCED}
   */
  void write(TranscriptChunk chunk) throws InterruptedException;

  /**
   * Reads a file from a byte offset; the caller closes the stream.
   *
   * @throws io.agentruntime.error.AgentRuntimeException {@code FILE_NOT_FOUND}
   */
  InputStream open(SessionId id, String name, long offset) throws IOException, InterruptedException;
}
