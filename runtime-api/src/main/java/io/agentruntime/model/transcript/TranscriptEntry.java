// SPDX-License-Identifier: MIT

package io.agentruntime.model.transcript;

import java.util.Objects;

/**
 * One file of a transcript.
 *
 * @param name its path relative to the transcript's root in the sandbox, with '/' between names
 * @param content its text, verbatim
 */
public record TranscriptEntry(String name, String content) {
  /** Checks the name: relative, without '..'. */
  public TranscriptEntry {
    Objects.requireNonNull(content, "content");
    new io.agentruntime.model.workspace.WorkspacePath(name);
  }

  @Override
  public String toString() {
    return "TranscriptEntry[" + name + ", " + content.length() + " characters]";
  }
}
