// SPDX-License-Identifier: MIT

package io.agentruntime.spi.persistence;

import io.agentruntime.error.AgentRuntimeException;
import io.agentruntime.model.workspace.Content;
import io.agentruntime.model.workspace.FileKind;
import io.agentruntime.model.workspace.WorkspaceFile;
import org.jspecify.annotations.Nullable;

/**
 * A workspace file with its content.
 *
 * @param file path, kind, mode, size and hash
 * @param content the bytes, binary-safe; null unless a regular file
 */
public record StoredFile(WorkspaceFile file, @Nullable Content content) {
  /** Checks that there is a content exactly when the file is a regular one. */
  public StoredFile {
    if ((file.kind() == FileKind.REGULAR) != (content != null)) {
      throw AgentRuntimeException.invalid(
          "stored file " + file.path(), "a content for a regular file and none for others");
    }
  }
}
