// SPDX-License-Identifier: MIT

package io.agentruntime.app.rest.view;

import io.agentruntime.core.session.Session;
import io.agentruntime.error.AgentRuntimeException;
import io.agentruntime.error.StandardError;
import io.agentruntime.model.workspace.FileKind;
import io.agentruntime.model.workspace.WorkspaceFile;
import java.io.IOException;
import java.io.InputStream;
import java.util.ArrayList;
import java.util.List;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Reads the text of workspace files from the store, within limits. Immutable and thread-safe. */
public final class FileTexts {
  private static final Logger LOG = LoggerFactory.getLogger(FileTexts.class);

  private final int maxFileBytes;
  private final int maxTotalBytes;

  /**
   * Texts within these limits.
   *
   * @param maxFileBytes of one file
   * @param maxTotalBytes of all files of one reply
   */
  public FileTexts(int maxFileBytes, int maxTotalBytes) {
    this.maxFileBytes = maxFileBytes;
    this.maxTotalBytes = maxTotalBytes;
  }

  /** All these files with as much text as a reply holds; what is left out is marked. */
  public List<FileReply> show(Session session, List<WorkspaceFile> files)
      throws InterruptedException {
    List<FileReply> replies = new ArrayList<>(files.size());
    long left = maxTotalBytes;
    for (WorkspaceFile file : files) {
      FileText text = text(session, file, (int) Math.min(left, maxFileBytes));
      left -= text.content() == null ? 0 : Math.min(file.size(), maxFileBytes);
      replies.add(FileReply.of(file, text));
    }
    return replies;
  }

  /** One file with as much text as an event holds. */
  public FileReply show(Session session, WorkspaceFile file) throws InterruptedException {
    return FileReply.of(file, text(session, file, maxFileBytes));
  }

  private static FileText text(Session session, WorkspaceFile file, int limit)
      throws InterruptedException {
    if (file.kind() != FileKind.REGULAR) {
      return FileText.NONE;
    }
    if (file.size() > 0 && limit <= 0) {
      return FileText.LEFT_OUT;
    }
    try (InputStream in = session.open(file)) {
      return FileText.read(in, limit);
    } catch (AgentRuntimeException e) {
      if (e.code() != StandardError.FILE_NOT_FOUND) {
        LOG.warn("session {}: a file's stored content: {}", session.id(), e.getMessage());
      }
      // An earlier version of the file, of which only the event is left.
      return FileText.LEFT_OUT;
    } catch (IOException e) {
      // The file is still worth showing, and the next sync may bring its content.
      LOG.warn("session {}: stored content of a workspace file cannot be read", session.id(), e);
      return FileText.LEFT_OUT;
    }
  }
}
