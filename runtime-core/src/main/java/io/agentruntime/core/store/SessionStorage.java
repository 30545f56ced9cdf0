// SPDX-License-Identifier: MIT

package io.agentruntime.core.store;

import io.agentruntime.model.transcript.Transcript;
import io.agentruntime.model.workspace.Content;
import io.agentruntime.model.workspace.ContentHash;
import io.agentruntime.model.workspace.WorkspaceFile;
import java.io.IOException;
import java.io.InputStream;
import java.util.List;

/**
 * One session's transcript and workspace in the store. One thread at a time, except {@link #open}.
 */
public interface SessionStorage {
  /** The files of the workspace as last stored, in path order. */
  List<WorkspaceFile> files() throws InterruptedException;

  /** Stores a content unless it is there. */
  void put(ContentHash hash, Content content) throws IOException, InterruptedException;

  /** Reads a stored content; the caller closes it. Thread-safe. */
  InputStream open(WorkspaceFile file) throws IOException, InterruptedException;

  /**
   * Stores which files the workspace has; their contents were {@link #put} before.
   *
   * @param files all files in path order
   */
  void saveFiles(List<WorkspaceFile> files) throws IOException, InterruptedException;

  /** The whole transcript as last stored. */
  Transcript transcript() throws IOException, InterruptedException;

  /** How many bytes of a transcript file are stored. */
  long transcriptSize(String name) throws InterruptedException;

  /** Writes transcript bytes: the file keeps its first {@code offset} bytes. */
  void writeTranscript(String name, long offset, byte[] bytes) throws InterruptedException;

  /** Called when all changes of one sync were written; a store without appending saves now. */
  void transcriptSynced() throws InterruptedException;
}
