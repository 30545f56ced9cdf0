// SPDX-License-Identifier: MIT

package io.agentruntime.model.workspace;

import io.agentruntime.error.AgentRuntimeException;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * A file of a workspace without its content.
 *
 * @param path where it is
 * @param kind {@code REGULAR}, {@code SYMLINK} or {@code DIRECTORY} (kept only when empty)
 * @param mode POSIX permission bits, for instance 0644
 * @param size bytes of content; 0 unless regular
 * @param hash of the content; null unless regular
 * @param linkTarget where a symbolic link points, verbatim; null unless a link
 */
public record WorkspaceFile(
    WorkspacePath path,
    FileKind kind,
    int mode,
    long size,
    @Nullable ContentHash hash,
    @Nullable String linkTarget) {
  /** Checks that the components fit the kind. */
  public WorkspaceFile {
    Objects.requireNonNull(path, "path");
    Objects.requireNonNull(kind, "kind");
    if (size < 0 || mode < 0 || mode > 07777) {
      throw AgentRuntimeException.invalid(
          "workspace file " + path, "a size of 0 or more and a mode from 0 to 07777");
    }
    if (kind == FileKind.OTHER
        || (kind == FileKind.REGULAR) != (hash != null)
        || (kind == FileKind.SYMLINK) != (linkTarget != null)) {
      throw AgentRuntimeException.invalid(
          "workspace file " + path, "a hash for a regular file, a target for a link");
    }
  }
}
