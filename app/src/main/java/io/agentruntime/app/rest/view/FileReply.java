// SPDX-License-Identifier: MIT

package io.agentruntime.app.rest.view;

import com.fasterxml.jackson.annotation.JsonInclude;
import io.agentruntime.model.workspace.WorkspaceFile;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * A workspace file.
 *
 * @param path where it is, relative to the workspace
 * @param content its text, or as much of it as a reply holds; absent when it is binary
 * @param truncated true when {@code content} is not all of it
 * @param binary true when it is no text
 * @param kind {@code regular}, {@code symlink} or {@code directory}
 * @param size bytes
 * @param mode POSIX permission bits
 * @param hash SHA-256 of its bytes in hex
 * @param linkTarget where a symbolic link points
 */
@JsonInclude(JsonInclude.Include.NON_NULL)
public record FileReply(
    String path,
    @Nullable String content,
    @Nullable Boolean truncated,
    @Nullable Boolean binary,
    String kind,
    long size,
    int mode,
    @Nullable String hash,
    @Nullable String linkTarget) {

  static FileReply of(WorkspaceFile file, FileText text) {
    return new FileReply(
        file.path().value(),
        text.content(),
        text.truncated() ? true : null,
        text.binary() ? true : null,
        file.kind().name().toLowerCase(Locale.ROOT),
        file.size(),
        file.mode(),
        file.hash() == null ? null : file.hash().hex(),
        file.linkTarget());
  }
}
