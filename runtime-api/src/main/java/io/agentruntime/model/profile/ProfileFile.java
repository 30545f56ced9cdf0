// SPDX-License-Identifier: MIT

package io.agentruntime.model.profile;

import io.agentruntime.model.workspace.WorkspacePath;
import java.util.Objects;

/**
 * A text or binary file that a profile brings along.
 *
 * @param path relative to where the owner is put
 * @param content the bytes as base64 when {@code base64}, else the text
 * @param base64 how to read {@code content}
 * @param executable whether it gets the execute bits
 */
public record ProfileFile(WorkspacePath path, String content, boolean base64, boolean executable) {
  /** Checks required components. */
  public ProfileFile {
    Objects.requireNonNull(path, "path");
    Objects.requireNonNull(content, "content");
  }

  /** A plain text file. */
  public static ProfileFile text(String path, String content) {
    return new ProfileFile(new WorkspacePath(path), content, false, false);
  }

  /** The content's bytes. */
  public byte[] bytes() {
    return base64
        ? java.util.Base64.getDecoder().decode(content)
        : content.getBytes(java.nio.charset.StandardCharsets.UTF_8);
  }
}
