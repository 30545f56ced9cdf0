// SPDX-License-Identifier: MIT

package io.agentruntime.spi.persistence;

import io.agentruntime.model.session.SessionId;
import java.io.IOException;
import java.io.InputStream;
import java.util.List;

/**
 * Keeps transcripts as files that mostly grow at their end. Thread-safe.
 *
 * <p>These files are apart from the text of {@link PersistenceAdapter#saveTranscript}: what was
 * stored through one is not seen through the other.
 */
public interface TranscriptStore {
  /** All transcript files of a session, in the order in which they were first written. */
  List<TranscriptFile> list(SessionId id) throws InterruptedException;

  /**
   * Writes at an offset: the file keeps its first {@code offset} bytes and ends with these.
   *
   * @throws io.agentruntime.error.AgentRuntimeException {@code OFFSET_MISMATCH} when the file is
   *     shorter than {@code offset}, {@code FENCED}, {@code SESSION_NOT_FOUND}
   */
  void write(TranscriptChunk chunk) throws InterruptedException;

  /**
   * Reads a file from a byte offset to its end as it is now; the caller closes the stream.
   *
   * @throws io.agentruntime.error.AgentRuntimeException {@code FILE_NOT_FOUND}, {@code
   *     OFFSET_MISMATCH} when the file is shorter than {@code offset}
   */
  InputStream open(SessionId id, String name, long offset) throws IOException, InterruptedException;
}
