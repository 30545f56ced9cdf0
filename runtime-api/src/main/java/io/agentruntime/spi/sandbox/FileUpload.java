// SPDX-License-Identifier: MIT

package io.agentruntime.spi.sandbox;

import io.agentruntime.error.AgentRuntimeException;
import io.agentruntime.model.workspace.Content;
import io.agentruntime.model.workspace.FileKind;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * A file to write into a sandbox.
 *
 * @param path absolute
 * @param kind regular file, link or directory
 * @param mode POSIX permission bits; not used for links
 * @param content the bytes; null unless regular
 * @param linkTarget verbatim; null unless a link
 */
public record FileUpload(
    String path, FileKind kind, int mode, @Nullable Content content, @Nullable String linkTarget) {
  /** Checks that the components fit the kind and that the path cannot leave its place. */
  public FileUpload {
    Objects.requireNonNull(kind, "kind");
    if (!path.startsWith("/") || path.indexOf('\0') >= 0 || ("/" + path + "/").contains("/../")) {
      throw AgentRuntimeException.invalid("path", "an absolute path without '..', not " + path);
    }
    if (kind == FileKind.OTHER
        || (kind == FileKind.REGULAR) != (content != null)
        || (kind == FileKind.SYMLINK) != (linkTarget != null)) {
      throw AgentRuntimeException.invalid(
          "file " + path, "a content for a regular file, a target for a link");
    }
  }

  /** A text file. */
  public static FileUpload text(String path, int mode, String text) {
    return new FileUpload(path, FileKind.REGULAR, mode, Content.of(text), null);
  }

  /** A regular file. */
  public static FileUpload regular(String path, int mode, Content content) {
    return new FileUpload(path, FileKind.REGULAR, mode, content, null);
  }
}
